SELECT seq, at, checkpoint, kind, path, data
FROM journal WHERE run = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3
