SELECT digest, answer FROM actions WHERE kiosk_id = ? AND seq = ?
