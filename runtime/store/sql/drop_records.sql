DELETE FROM journal WHERE run = ?1 AND seq <= ?2
