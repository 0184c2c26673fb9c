INSERT INTO kiosks (id, name, station_id, token_hash, enrolled_at) VALUES (?, ?, ?, ?, ?)
