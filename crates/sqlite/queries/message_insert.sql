INSERT INTO messages (id, kiosk_id, text, sent_at, sent_by, version) VALUES (?, ?, ?, ?, ?, ?)
