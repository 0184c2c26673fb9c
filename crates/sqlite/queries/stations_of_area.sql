SELECT
    stations.id                 AS "id!: uuid::Uuid",
    stations.code,
    stations.name,
    stations.kind,
    stations.area_id            AS "area_id: uuid::Uuid",
    areas.name                  AS "area?",
    stations.active             AS "active: bool",
    stations.attended           AS "attended: bool",
    stations.minor_stop_ms,
    stations.untouched_ms,
    stations.start_checklist_id AS "start_checklist_id: uuid::Uuid",
    stations.end_checklist_id   AS "end_checklist_id: uuid::Uuid",
    stations.version,
    sessions.worker_name        AS "worker_name?",
    sessions.started_at         AS "since?",
    sessions.contact            AS "contact?"
FROM stations
LEFT JOIN areas ON areas.id = stations.area_id
LEFT JOIN sessions ON sessions.station_id = stations.id AND sessions.status = 'active'
WHERE stations.area_id = ?
ORDER BY stations.code
