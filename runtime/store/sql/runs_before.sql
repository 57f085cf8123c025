SELECT number FROM run WHERE number < ?1 ORDER BY number DESC LIMIT ?2
