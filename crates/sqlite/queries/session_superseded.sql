-- When a later session began that stands in the way of one that was closed for want of contact: at its station, or of
-- its worker where he may hold no other.
SELECT min(started_at) AS "at: i64"
FROM (
    SELECT started_at FROM sessions WHERE station_id = ?2 AND status = 'active'
    UNION ALL
    SELECT started_at FROM sessions WHERE station_id = ?2 AND ended_at > ?4 AND id <> ?1
    UNION ALL
    SELECT started_at FROM sessions WHERE ?5 AND worker_id = ?3 AND started_at >= ?4 AND id <> ?1
)
