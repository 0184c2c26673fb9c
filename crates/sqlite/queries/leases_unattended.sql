-- Open sessions whose kiosk nobody has touched for as long as their station allows, and that are not flagged yet.
SELECT
    leases.session_id AS "session_id!: uuid::Uuid",
    max(coalesce(leases.touched_at, leases.last_action_at, 0), sessions.started_at) AS "touched_at!: i64",
    coalesce(stations.untouched_ms, ?2) AS "limit_ms!: i64"
-- From the leases on: they are as many as there are open sessions.
FROM leases
CROSS JOIN sessions ON sessions.id = leases.session_id
JOIN stations ON stations.id = sessions.station_id
WHERE sessions.untouched_since IS NULL
    AND max(coalesce(leases.touched_at, leases.last_action_at, 0), sessions.started_at)
        <= ?1 - coalesce(stations.untouched_ms, ?2)
