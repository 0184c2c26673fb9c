INSERT INTO enrolment_codes (code_hash, kiosk_name, station_id, expires_at, id, created_by) VALUES (?, ?, ?, ?, ?, ?)
