-- The time an item was worked on: the sum of its stretches, and nothing else. What nobody knows is not one of them.
SELECT coalesce(sum(coalesce(ended_at, ?2) - started_at), 0) AS "time!: i64" FROM status_events WHERE job_item_id = ?1 AND NOT unknown
