UPDATE item SET due = ?2, lease = ?3, held_until = ?4 WHERE number = ?1
