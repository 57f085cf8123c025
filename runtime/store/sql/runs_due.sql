SELECT number, id, flow, state, token, claim, driver, held_since, lease, held_until,
  cancel, takes, records, bytes, steps, keep, started, ended, pin, started_by, subject
FROM run WHERE due <= ?1 ORDER BY due, number LIMIT ?2
