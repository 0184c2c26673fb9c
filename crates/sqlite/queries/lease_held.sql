-- The same fence, without renewing: a kiosk that is being closed prolongs nothing.
SELECT epoch, last_seen_at
FROM leases
WHERE session_id = ?1 AND kiosk_id = ?2 AND instance_id = ?3 AND (?4 IS NULL OR epoch = ?4)
