DELETE FROM item WHERE number = ?1
