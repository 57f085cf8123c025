UPDATE item SET due = ?2 WHERE number = ?1
