-- A refusal gives way to what its kiosk did with it.
UPDATE actions SET answer = ?3 WHERE kiosk_id = ?1 AND seq = ?2
