UPDATE run SET held_since = min(held_since, ?1), held_until = ?1 + lease, due = ?1 + lease
WHERE state = 0 AND held_until > ?1 + lease
