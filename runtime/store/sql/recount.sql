SELECT queue, status, count(*) FROM item GROUP BY queue, status
