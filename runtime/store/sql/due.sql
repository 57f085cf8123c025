SELECT number, id, queue, status, priority, seq, expires, delay_until,
  token, worker, held_since, lease, held_until, attempt, retries, crashes, requeues, entries,
  created, modified, completed, batch, schema_version, name, reference
FROM item WHERE due <= ?1 ORDER BY due LIMIT ?2
