UPDATE item SET held_since = min(held_since, ?2), held_until = ?2 + lease, due = 0
WHERE queue = ?1 AND status = 3 AND held_until > ?2 + lease
