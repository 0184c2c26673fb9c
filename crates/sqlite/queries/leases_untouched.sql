-- Open sessions at attended stations whose kiosk nobody has touched since a moment, and those that are being asked,
-- wherever they are: a station may have become unattended since.
SELECT
    leases.session_id AS "session_id!: uuid::Uuid",
    leases.epoch,
    max(coalesce(leases.touched_at, leases.last_action_at, 0), sessions.started_at) AS "touched_at!: i64",
    stations.attended AS "attended!: bool",
    sessions.station_id AS "station_id!: uuid::Uuid"
-- From the leases on: they are as many as there are open sessions.
FROM leases
CROSS JOIN sessions ON sessions.id = leases.session_id
JOIN stations ON stations.id = sessions.station_id
WHERE sessions.asked_at IS NOT NULL
    OR (
        stations.attended = 1
        AND coalesce(leases.touched_at, leases.last_action_at, 0) <= ?1
        AND sessions.started_at <= ?1
    )
