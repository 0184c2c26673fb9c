-- A page of what was put right in a session, in order.
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
WHERE session_id = ?1 AND (at, id) > (?2, ?3)
ORDER BY at, id
LIMIT ?4
