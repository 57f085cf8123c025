INSERT INTO journal (run, seq, at, checkpoint, kind, path, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
