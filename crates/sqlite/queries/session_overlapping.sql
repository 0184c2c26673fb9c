-- Whose session was still open at a station, or of a worker, after a moment. Open ones are asked for apart.
SELECT worker_name AS "worker_name!", station_id = ?1 AS "is_here!: bool", id AS "id!: uuid::Uuid"
FROM (
    SELECT worker_name, station_id, id FROM sessions WHERE station_id = ?1 AND ended_at > ?3
    UNION ALL
    -- None lasts longer than a week.
    SELECT worker_name, station_id, id FROM sessions
    WHERE worker_id = ?2 AND started_at > ?3 - 604800000 AND ended_at > ?3
)
LIMIT 1
