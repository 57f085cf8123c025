SELECT 'journal records', count(*) FROM journal
  WHERE run NOT IN (SELECT number FROM run UNION ALL SELECT run FROM remains)
UNION ALL
SELECT 'effects', count(*) FROM effect
  WHERE run NOT IN (SELECT number FROM run UNION ALL SELECT run FROM remains)
UNION ALL
SELECT 'pins', count(*) FROM run_pin
  WHERE run NOT IN (SELECT number FROM run UNION ALL SELECT run FROM remains)
UNION ALL
SELECT 'texts', count(*) FROM run_text WHERE run NOT IN (SELECT number FROM run)
UNION ALL
SELECT 'pinned texts', count(*) FROM pin WHERE digest NOT IN (SELECT digest FROM run_pin)
