SELECT id, state FROM batch WHERE state IN (1, 2) ORDER BY id
