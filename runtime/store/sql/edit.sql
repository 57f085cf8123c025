UPDATE item SET
  due = ?2, expires = ?3, entries = ?4, modified = ?5,
  name = CASE WHEN ?12 THEN ?6 ELSE name END, value = coalesce(?7, value), priority = coalesce(?8, priority),
  reference = CASE WHEN ?9 THEN ?10 ELSE reference END,
  schema_version = CASE WHEN ?7 IS NULL THEN schema_version ELSE ?11 END
WHERE number = ?1
