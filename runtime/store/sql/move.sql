UPDATE item SET
  status = ?2, seq = ?3, due = ?4, expires = ?5, delay_until = ?6,
  token = ?7, worker = ?8, held_since = ?9, lease = ?10, held_until = ?11,
  attempt = ?12, retries = ?13, crashes = ?14, requeues = ?15, entries = ?16,
  modified = ?17, completed = ?18, result = coalesce(?19, result)
WHERE number = ?1
