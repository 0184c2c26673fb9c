INSERT INTO actions (kiosk_id, seq, digest, answer, at, path) VALUES (?, ?, ?, ?, ?, ?)
