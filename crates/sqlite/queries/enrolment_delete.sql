DELETE FROM enrolment_codes WHERE id = ? AND used_at IS NULL RETURNING kiosk_name
