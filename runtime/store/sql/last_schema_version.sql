SELECT coalesce(max(version), 0) FROM queue_schema WHERE queue = ?1
