INSERT INTO quarantine (id, kiosk_id, seq, session_id, path, body, reason, occurred_at, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
