SELECT number FROM run WHERE flow = ?1 AND state = ?2 AND number < ?3 ORDER BY number DESC LIMIT ?4
