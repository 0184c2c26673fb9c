SELECT
    id                   AS "id!: uuid::Uuid",
    session_id           AS "session_id!: uuid::Uuid",
    status_definition_id AS "status_definition_id!: uuid::Uuid",
    status,
    reason_id            AS "reason_id: uuid::Uuid",
    note,
    started_at,
    ended_at,
    epoch,
    version
FROM status_events
WHERE session_id = ? AND ended_at IS NULL
