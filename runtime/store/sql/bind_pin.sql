INSERT INTO run_pin (run, digest) VALUES (?1, ?2) ON CONFLICT (run, digest) DO NOTHING
