-- The items of jobs that are not archived with a step at this station.
SELECT job_items.id AS "id!: uuid::Uuid"
FROM job_items
JOIN jobs ON jobs.id = job_items.job_id
WHERE jobs.archived_at IS NULL
    AND EXISTS (SELECT 1 FROM job_steps WHERE job_steps.job_item_id = job_items.id AND job_steps.station_id = ?)
ORDER BY jobs.number, job_items.position
