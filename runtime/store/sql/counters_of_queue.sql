SELECT status, items FROM counter WHERE queue = ?1
