-- The fence: only the owner's instance and epoch, from the owner's kiosk, get past it.
UPDATE leases
SET last_seen_at = max(last_seen_at, ?5), next_ms = ifnull(?6, next_ms)
WHERE session_id = ?1 AND kiosk_id = ?2 AND instance_id = ?3 AND (?4 IS NULL OR epoch = ?4)
RETURNING epoch, last_seen_at, last_action_at
