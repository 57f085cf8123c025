SELECT text FROM queue_schema WHERE queue = ?1 AND version = ?2
