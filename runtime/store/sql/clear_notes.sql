UPDATE history SET text = NULL WHERE item = ?1 AND by = ?2 AND entry < ?3
