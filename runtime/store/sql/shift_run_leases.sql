UPDATE run SET held_since = held_since + ?1, held_until = held_until + ?1, due = due + ?1
WHERE state = 0 AND claim IS NULL
