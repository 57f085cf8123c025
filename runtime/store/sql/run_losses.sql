SELECT id, 'its text' FROM run WHERE number NOT IN (SELECT run FROM run_text)
UNION ALL
SELECT id, 'the flow it is bound to' FROM run WHERE pin NOT IN (SELECT digest FROM pin)
  OR NOT EXISTS (SELECT 1 FROM run_pin WHERE run_pin.run = number AND run_pin.digest = run.pin)
LIMIT ?1
