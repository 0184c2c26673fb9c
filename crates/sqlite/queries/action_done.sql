-- What an action did, as its answer says.
SELECT path, answer FROM actions WHERE kiosk_id = ? AND seq = ?
