INSERT INTO counter (queue, status, items) VALUES (?1, ?2, ?3)
ON CONFLICT (queue, status) DO UPDATE SET items = items + excluded.items
