SELECT created FROM item WHERE queue = ?1 AND status = 2 ORDER BY number LIMIT 1
