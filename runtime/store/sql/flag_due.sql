UPDATE item SET due = 0 WHERE queue = ?1 AND status IN (1, 2, 3) AND (expires IS NOT NULL OR status <> 2)
