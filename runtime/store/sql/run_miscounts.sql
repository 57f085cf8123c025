SELECT id, records, kept, last FROM (
  SELECT id, records,
    (SELECT count(*) FROM journal WHERE run = number) AS kept,
    coalesce((SELECT max(seq) FROM journal WHERE run = number), 0) AS last
  FROM run
) WHERE records <> kept OR records <> last LIMIT ?1
