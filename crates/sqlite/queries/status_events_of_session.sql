SELECT
    id                   AS "id!: uuid::Uuid",
    session_id           AS "session_id!: uuid::Uuid",
    status_definition_id AS "status_definition_id!: uuid::Uuid",
    status,
    reason_id            AS "reason_id: uuid::Uuid",
    note,
    time_class,
    job_item_id          AS "job_item_id: uuid::Uuid",
    job_item_name,
    job_number,
    step_id              AS "step_id: uuid::Uuid",
    started_at,
    ended_at,
    unknown              AS "unknown: bool",
    voided               AS "voided: bool",
    estimated            AS "estimated: bool",
    shifted_from,
    epoch,
    version
FROM status_events
WHERE session_id = ?
-- Stretches of no length come before the one that goes on from them.
ORDER BY started_at, ended_at IS NULL, ended_at, id
