SELECT
    id         AS "id!: uuid::Uuid",
    kind,
    session_id AS "session_id: uuid::Uuid",
    subject_id AS "subject_id!: uuid::Uuid",
    old,
    new,
    reason,
    actor,
    at
FROM amendments
WHERE session_id = ?
ORDER BY at, id
