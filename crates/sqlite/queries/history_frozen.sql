-- The steps of an item stand still from its first production on.
UPDATE job_items SET frozen_at = produced.first
FROM (
    SELECT job_item_id, MIN(started_at) AS first FROM status_events
    WHERE machine_state = 'production' AND job_item_id IS NOT NULL
    GROUP BY job_item_id
) AS produced
WHERE produced.job_item_id = job_items.id
