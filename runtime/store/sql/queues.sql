SELECT number, id, key, name, description, state, ttl, at_risk_percent, continue_if_violated, retries,
  retry_delay, crashes, processing_limit, edit_while_processing, keep, schema_version, created, modified
FROM queue ORDER BY number
