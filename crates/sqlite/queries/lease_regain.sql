-- The claim goes on as it was: nobody has touched anything for that.
INSERT INTO leases (session_id, kiosk_id, instance_id, epoch, last_seen_at, touched_at)
SELECT session_id, kiosk_id, instance_id, epoch, ?2, coalesce(touched_at, last_action_at, from_at)
FROM claims
WHERE session_id = ?1 AND until_at IS NULL
