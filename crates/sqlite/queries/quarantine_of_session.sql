-- What waits of a session, kiosk by kiosk as they came to own it, in the order of each one's numbers.
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
    at,
    worker_name,
    station_name,
    decision,
    decided_at,
    decided_by,
    undoes_id   AS "undoes_id: uuid::Uuid"
FROM quarantine
WHERE session_id = ? AND decision IS NULL
ORDER BY min(occurred_at) OVER (PARTITION BY kiosk_id), kiosk_id, seq
