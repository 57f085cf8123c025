SELECT min(due) FROM item WHERE due IS NOT NULL
