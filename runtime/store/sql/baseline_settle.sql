UPDATE item SET status = 4, token = NULL, worker = NULL, held_since = NULL, lease = NULL, held_until = NULL,
  due = NULL, entries = entries + 1, modified = ?3, completed = ?3, result = ?4
WHERE id = ?1 AND token = ?2
