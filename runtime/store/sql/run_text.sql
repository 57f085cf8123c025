SELECT inputs, outputs, failure_kind, failure_code, failure_message, failure_path
FROM run_text WHERE run = ?1
