SELECT
    kiosk_id    AS "kiosk_id!: uuid::Uuid",
    instance_id AS "instance_id!: uuid::Uuid",
    epoch,
    last_seen_at
FROM leases
WHERE session_id = ?
