INSERT INTO run (number, id, flow, state, token, claim, driver, held_since, lease, held_until,
  cancel, takes, records, bytes, steps, keep, started, ended, pin, started_by, subject, due)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
  ?21, ?22)
