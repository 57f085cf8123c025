INSERT INTO batch (id, queue, state) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING
