DELETE FROM run WHERE number = ?1
