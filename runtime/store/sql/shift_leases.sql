UPDATE item SET held_since = held_since + ?2, held_until = held_until + ?2, due = due + ?2
WHERE queue = ?1 AND status = 3
