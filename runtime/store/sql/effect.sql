SELECT item FROM effect WHERE key = ?1
