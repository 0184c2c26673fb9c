-- Who owns a session, or owned it last.
SELECT
    claims.kiosk_id    AS "kiosk_id!: uuid::Uuid",
    claims.instance_id AS "instance_id!: uuid::Uuid",
    kiosks.name        AS kiosk_name,
    claims.epoch,
    claims.from_at
FROM claims
JOIN kiosks ON kiosks.id = claims.kiosk_id
WHERE claims.session_id = ? AND claims.until_at IS NULL
