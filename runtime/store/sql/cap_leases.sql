UPDATE item SET held_until = ?2 + lease, due = min(due, ?2 + lease)
WHERE queue = ?1 AND status = 3 AND held_until > ?2 + lease
