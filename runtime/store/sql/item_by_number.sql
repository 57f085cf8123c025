SELECT number, id, queue, status, priority, seq, expires, delay_until,
  token, worker, held_since, lease, held_until, attempt, retries, crashes, requeues, entries,
  created, modified, completed, batch, schema_version, name, reference, result, value
FROM item WHERE number = ?1
