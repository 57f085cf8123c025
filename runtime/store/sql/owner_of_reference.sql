SELECT item.id, item.status, item.batch, batch.state
FROM item LEFT JOIN batch ON batch.id = item.batch
WHERE item.queue = ?1 AND item.reference = ?2
