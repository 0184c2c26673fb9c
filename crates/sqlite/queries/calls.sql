-- Calls, the newest first.
SELECT
    id           AS "id!: uuid::Uuid",
    state,
    station_id   AS "station_id!: uuid::Uuid",
    station_code,
    station_name,
    session_id   AS "session_id!: uuid::Uuid",
    worker_id    AS "worker_id!: uuid::Uuid",
    worker_name,
    note,
    made_at,
    seen_at,
    seen_by,
    escalated_at,
    ended_at,
    version
FROM calls
WHERE (made_at, id) < (?1, ?2)
ORDER BY made_at DESC, id DESC
LIMIT ?3
