INSERT INTO history (item, entry, at, by, status, attempt, worker, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
