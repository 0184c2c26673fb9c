-- Calls that a session's end at this moment took back.
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
WHERE session_id = ? AND state = 'cancelled' AND ended_at = ?
ORDER BY made_at
