SELECT id, name, reference, worker, result, value FROM item ORDER BY number
