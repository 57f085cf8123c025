SELECT seq, octet_length(data) FROM journal WHERE run = ?1 ORDER BY seq LIMIT ?2
