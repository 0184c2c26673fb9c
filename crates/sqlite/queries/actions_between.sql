-- What a kiosk did between two of its actions.
SELECT path, answer FROM actions WHERE kiosk_id = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT 100
