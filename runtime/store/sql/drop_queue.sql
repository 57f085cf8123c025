DELETE FROM queue WHERE number = ?1
