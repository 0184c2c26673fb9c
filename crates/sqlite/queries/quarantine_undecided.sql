-- Actions without a decision.
SELECT
    id          AS "id!: uuid::Uuid",
    kiosk_id    AS "kiosk_id!: uuid::Uuid",
    seq,
    session_id  AS "session_id!: uuid::Uuid",
    path,
    body,
    problem,
    reason,
    occurred_at,
    at
FROM quarantine
ORDER BY at
