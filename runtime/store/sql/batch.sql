SELECT queue, state FROM batch WHERE id = ?1
