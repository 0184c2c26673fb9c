-- Until when a station was taken before a session, and from when after it.
SELECT
    (SELECT max(ended_at) FROM sessions WHERE station_id = ?1 AND id <> ?2 AND started_at <= ?3) AS "before: i64",
    (SELECT min(started_at) FROM sessions WHERE station_id = ?1 AND id <> ?2 AND started_at > ?3) AS "after: i64"
