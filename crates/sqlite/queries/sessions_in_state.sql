-- A page of those in one state, the newest first.
SELECT
    id                    AS "id!: uuid::Uuid",
    worker_id             AS "worker_id!: uuid::Uuid",
    worker_code,
    worker_name,
    station_id            AS "station_id!: uuid::Uuid",
    station_code,
    station_name,
    area_name,
    status,
    close_reason,
    provisional           AS "provisional: bool",
    current_status_id     AS "current_status_id: uuid::Uuid",
    current_status,
    last_status_change_at,
    started_at,
    ended_at,
    contact,
    last_contact_at,
    total_good,
    total_scrap,
    malfunction_count,
    job_id                AS "job_id: uuid::Uuid",
    job_number,
    job_item_id           AS "job_item_id: uuid::Uuid",
    job_item_name,
    step_id               AS "step_id: uuid::Uuid",
    outside_assignment    AS "outside_assignment: bool",
    count_missing         AS "count_missing: bool",
    asked_at,
    reason_missing_from,
    started_offline       AS "started_offline: bool",
    recovered_at,
    untouched_since,
    version
FROM sessions INDEXED BY sessions_by_status
WHERE status = ?4 AND (started_at, id) < (?1, ?2)
    AND started_at >= ?3
ORDER BY started_at DESC, id DESC
LIMIT ?5
