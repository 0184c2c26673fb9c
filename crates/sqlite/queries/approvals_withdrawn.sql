-- Approvals that a session's end at this moment took back.
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
-- By name: what is in a state may be long ago.
FROM approvals INDEXED BY approvals_taken_back
WHERE session_id = ? AND state = 'withdrawn' AND ended_at = ?
ORDER BY asked_at
