DELETE FROM pin WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM run_pin WHERE digest = ?1)
