INSERT INTO item (
  number, id, queue, status, priority, seq, due, expires, delay_until,
  attempt, retries, crashes, requeues, entries, created, modified,
  batch, schema_version, name, reference, value
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0, 1, ?10, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT DO NOTHING
