DELETE FROM sign_ins WHERE kiosk_id = ?
