DELETE FROM remains WHERE run = ?1
