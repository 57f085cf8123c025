UPDATE run SET
  state = ?2, token = ?3, claim = ?4, driver = ?5, held_since = ?6, lease = ?7, held_until = ?8,
  cancel = ?9, takes = ?10, records = ?11, bytes = ?12, steps = ?13, ended = ?14, pin = ?15,
  due = ?16
WHERE number = ?1
