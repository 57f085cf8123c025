INSERT INTO run_text (run, inputs) VALUES (?1, ?2)
