SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'run'), 0)
