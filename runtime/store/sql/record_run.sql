UPDATE run SET records = ?2, bytes = ?3, steps = ?4 WHERE number = ?1
