UPDATE item SET status = 3, token = ?2, worker = 'raw', held_since = ?3, lease = 60000000,
  held_until = ?3 + 60000000, due = ?3 + 60000000, attempt = attempt + 1, entries = entries + 1, modified = ?3
WHERE number = (
  SELECT number FROM item WHERE queue = ?1 AND status = 2 ORDER BY priority, seq LIMIT 1
)
RETURNING number, id, name, reference, value, attempt
