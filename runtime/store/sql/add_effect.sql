INSERT INTO effect (key, run, item) VALUES (?1, ?2, ?3)
