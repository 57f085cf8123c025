UPDATE history SET text = NULL WHERE item = ?1 AND by IS ?2 AND entry < ?3 AND text IS NOT NULL
