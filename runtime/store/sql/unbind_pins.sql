DELETE FROM run_pin WHERE run = ?1
