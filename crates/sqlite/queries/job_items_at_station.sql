-- The items of jobs that are not archived with a step at this station.
SELECT job_items.id AS "id!: uuid::Uuid"
-- By name: the planner thinks as much of the index over all jobs there ever were.
FROM jobs INDEXED BY jobs_in_work
CROSS JOIN job_items ON job_items.job_id = jobs.id
WHERE jobs.archived_at IS NULL
    AND EXISTS (SELECT 1 FROM job_steps WHERE job_steps.job_item_id = job_items.id AND job_steps.station_id = ?)
ORDER BY jobs.number, job_items.position
