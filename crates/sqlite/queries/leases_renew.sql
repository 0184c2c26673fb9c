-- The same fence for many at once, at most one for a session: of kiosks that are known here, those that get past it and
-- whose contact was never gone.
UPDATE leases
SET last_seen_at = max(last_seen_at, ?2), next_ms = ?3
FROM (
    SELECT
        unhex(value ->> 0) AS session_id,
        unhex(value ->> 1) AS token_hash,
        unhex(value ->> 2) AS instance_id,
        value ->> 3 AS epoch,
        value ->> 4 AS worker_code
    FROM json_each(?1)
) AS beat
JOIN sessions ON sessions.id = beat.session_id
JOIN kiosks ON kiosks.token_hash = beat.token_hash
WHERE leases.session_id = beat.session_id
    AND leases.kiosk_id = kiosks.id
    AND leases.instance_id = beat.instance_id
    AND (beat.epoch IS NULL OR leases.epoch = beat.epoch)
    AND kiosks.revoked_at IS NULL
    AND sessions.contact = 'online'
    AND (beat.worker_code IS NULL OR sessions.worker_code = beat.worker_code)
RETURNING
    leases.session_id AS "session_id!: uuid::Uuid",
    leases.epoch AS "epoch!: i64",
    (SELECT kiosks.last_seq FROM kiosks WHERE kiosks.id = leases.kiosk_id) AS "last_seq!: i64"
