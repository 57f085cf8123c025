SELECT last FROM place
