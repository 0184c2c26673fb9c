-- The newest sessions that ended at each station: more than one, because the last may come back.
SELECT
    sessions.id                    AS "id!: uuid::Uuid",
    sessions.worker_id             AS "worker_id!: uuid::Uuid",
    sessions.worker_code,
    sessions.worker_name,
    sessions.station_id            AS "station_id!: uuid::Uuid",
    sessions.station_code,
    sessions.station_name,
    sessions.area_name,
    sessions.status,
    sessions.close_reason,
    sessions.provisional           AS "provisional: bool",
    sessions.current_status_id     AS "current_status_id: uuid::Uuid",
    sessions.current_status,
    sessions.last_status_change_at,
    sessions.started_at,
    sessions.ended_at,
    sessions.contact,
    sessions.last_contact_at,
    sessions.total_good,
    sessions.total_scrap,
    sessions.malfunction_count,
    sessions.job_id                AS "job_id: uuid::Uuid",
    sessions.job_number,
    sessions.job_item_id           AS "job_item_id: uuid::Uuid",
    sessions.job_item_name,
    sessions.step_id               AS "step_id: uuid::Uuid",
    sessions.outside_assignment    AS "outside_assignment: bool",
    sessions.count_missing         AS "count_missing: bool",
    sessions.asked_at,
    sessions.reason_missing_from,
    sessions.started_offline       AS "started_offline: bool",
    sessions.recovered_at,
    sessions.untouched_since,
    sessions.version
FROM stations
-- CROSS JOIN keeps SQLite to this order: from each station to its last sessions, not from every session there was.
CROSS JOIN sessions ON sessions.id IN (
    SELECT ended.id FROM sessions AS ended
    WHERE ended.station_id = stations.id AND ended.ended_at IS NOT NULL
    ORDER BY ended.ended_at DESC, ended.id DESC
    LIMIT 3
)
