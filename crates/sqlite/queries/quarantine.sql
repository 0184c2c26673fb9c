-- What waits for a decision, the newest first.
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
WHERE decision IS NULL AND (at, id) < (?1, ?2) AND (?3 IS NULL OR session_id = ?3)
ORDER BY at DESC, id DESC
LIMIT ?4
