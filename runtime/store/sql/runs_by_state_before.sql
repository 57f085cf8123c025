SELECT number FROM run WHERE state = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
