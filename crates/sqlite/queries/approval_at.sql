-- The request for a step at a station that was in force at `?3`, decided after `?4`; else the newest that had been made.
SELECT
    id            AS "id!: uuid::Uuid",
    state,
    station_id    AS "station_id!: uuid::Uuid",
    station_code,
    station_name,
    session_id    AS "session_id!: uuid::Uuid",
    worker_id     AS "worker_id!: uuid::Uuid",
    worker_name,
    job_item_id   AS "job_item_id!: uuid::Uuid",
    job_item_name,
    job_number,
    step_id       AS "step_id!: uuid::Uuid",
    asked_at,
    seen_at,
    seen_by,
    escalated_at,
    decided_at,
    decided_by,
    note,
    ended_at,
    version
FROM approvals
WHERE step_id = ?1 AND station_id = ?2 AND asked_at <= ?3
ORDER BY
    (state = 'approved' AND decided_at BETWEEN ?4 + 1 AND ?3 AND (ended_at IS NULL OR ended_at > ?3)) DESC,
    asked_at DESC,
    id DESC
LIMIT 1
