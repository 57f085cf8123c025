SELECT queue, status, items FROM counter
