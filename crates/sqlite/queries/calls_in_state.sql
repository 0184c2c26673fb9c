-- Calls in one state, the newest first.
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
-- By name: what is in a state may be long ago.
FROM calls INDEXED BY calls_by_state
WHERE (made_at, id) < (?1, ?2) AND state = ?3
ORDER BY made_at DESC, id DESC
LIMIT ?4
