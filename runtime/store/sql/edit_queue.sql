UPDATE queue SET
  key = ?3, name = ?4, description = ?5, state = ?6, ttl = ?7, at_risk_percent = ?8,
  continue_if_violated = ?9, retries = ?10, retry_delay = ?11, crashes = ?12, processing_limit = ?13,
  edit_while_processing = ?14, keep = ?15, schema_version = ?16, created = ?17, modified = ?18
WHERE number = ?1 AND id = ?2
