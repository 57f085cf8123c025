DELETE FROM effect WHERE key IN (SELECT key FROM effect WHERE run = ?1 LIMIT ?2)
