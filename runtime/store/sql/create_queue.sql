INSERT INTO queue (
  number, id, key, name, description, state, ttl, at_risk_percent, continue_if_violated, retries,
  retry_delay, crashes, processing_limit, edit_while_processing, keep, schema_version, created, modified
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
