SELECT entry, at, by, status, attempt, worker, text
FROM history WHERE item = ?1 AND entry > ?2 ORDER BY entry LIMIT ?3
