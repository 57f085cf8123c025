DELETE FROM history WHERE item = ?1
