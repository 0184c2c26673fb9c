INSERT INTO leases (session_id, kiosk_id, instance_id, epoch, last_seen_at)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (session_id) DO UPDATE
SET kiosk_id = excluded.kiosk_id,
    instance_id = excluded.instance_id,
    epoch = excluded.epoch,
    last_seen_at = excluded.last_seen_at,
    last_action_at = NULL
