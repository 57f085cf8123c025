SELECT key FROM queue WHERE number = ?1
