SELECT
    stations.id AS "id!: uuid::Uuid",
    stations.code,
    stations.name,
    stations.kind,
    areas.name  AS "area?",
    sessions.worker_name AS "worker_name?",
    sessions.started_at  AS "since?",
    sessions.contact     AS "contact?"
FROM stations
LEFT JOIN areas ON areas.id = stations.area_id
LEFT JOIN sessions ON sessions.station_id = stations.id AND sessions.status = 'active'
WHERE stations.active = 1
ORDER BY stations.code
