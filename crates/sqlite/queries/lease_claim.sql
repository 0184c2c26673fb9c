-- Whoever claims is there; the epoch has had no action yet.
INSERT INTO leases (session_id, kiosk_id, instance_id, epoch, last_seen_at, touched_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?5)
ON CONFLICT (session_id) DO UPDATE
SET kiosk_id = excluded.kiosk_id,
    instance_id = excluded.instance_id,
    epoch = excluded.epoch,
    last_seen_at = excluded.last_seen_at,
    last_action_at = NULL,
    touched_at = excluded.touched_at
