DELETE FROM queue_schema WHERE queue = ?1;
DELETE FROM counter WHERE queue = ?1;
DELETE FROM batch WHERE queue = ?1;
