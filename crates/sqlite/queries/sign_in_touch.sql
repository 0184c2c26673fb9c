UPDATE sign_ins SET touched_at = ?2 WHERE kiosk_id = ?1
