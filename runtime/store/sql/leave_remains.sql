INSERT INTO remains (run) VALUES (?1)
