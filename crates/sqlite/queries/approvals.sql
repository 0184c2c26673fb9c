-- Approvals, the newest first.
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
WHERE (asked_at, id) < (?1, ?2)
ORDER BY asked_at DESC, id DESC
LIMIT ?3
