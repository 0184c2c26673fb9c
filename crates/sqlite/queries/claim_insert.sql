INSERT INTO claims (session_id, epoch, instance_id, kiosk_id, from_at) VALUES (?, ?, ?, ?, ?)
