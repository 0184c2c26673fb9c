-- A page, the newest first.
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
WHERE (at, id) < (?1, ?2)
ORDER BY at DESC, id DESC
LIMIT ?3
