DELETE FROM run_text WHERE run = ?1
