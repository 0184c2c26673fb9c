INSERT INTO quarantine (id, kiosk_id, seq, session_id, path, body, problem, reason, occurred_at, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
