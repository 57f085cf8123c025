SELECT item.id, history.entry, history.worker, history.text
FROM history JOIN item ON item.number = history.item
