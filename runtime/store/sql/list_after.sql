SELECT number FROM item WHERE queue = ?1 AND status = ?2 AND number > ?3 ORDER BY number LIMIT ?4
