SELECT min(run) FROM remains
