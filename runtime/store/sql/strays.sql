SELECT id FROM item
WHERE expires NOT BETWEEN ?1 AND ?2 OR delay_until NOT BETWEEN ?1 AND ?2
  OR held_since NOT BETWEEN ?1 AND ?2 OR held_until NOT BETWEEN ?1 AND ?2
  OR completed NOT BETWEEN ?1 AND ?2
  OR created NOT BETWEEN ?1 AND ?2 OR modified NOT BETWEEN ?1 AND ?2
ORDER BY number LIMIT ?3
