SELECT
    epoch,
    instance_id AS "instance_id!: uuid::Uuid",
    kiosk_id    AS "kiosk_id!: uuid::Uuid",
    from_at,
    until_at,
    last_action_at
FROM claims
WHERE session_id = ?
ORDER BY epoch
