INSERT INTO queue_schema (queue, version, text) VALUES (?1, ?2, ?3)
