SELECT number FROM item WHERE number < ?1 ORDER BY number DESC LIMIT ?2
