INSERT INTO pin (digest, text) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING
