UPDATE run_text SET
  outputs = ?2, failure_kind = ?3, failure_code = ?4, failure_message = ?5, failure_path = ?6
WHERE run = ?1
