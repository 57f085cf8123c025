SELECT seq, at, checkpoint, kind, path, data
FROM journal WHERE run = ?1 AND checkpoint = 1 ORDER BY seq DESC LIMIT 1
