-- The items of a job, in order. One that goes with its job is archived with it.
SELECT
    job_items.id     AS "id!: uuid::Uuid",
    job_items.job_id AS "job_id!: uuid::Uuid",
    jobs.number      AS job_number,
    job_items.position,
    job_items.name,
    job_items.planned_quantity,
    job_items.frozen_at,
    job_items.closed_short_at,
    job_items.closed_short_reason,
    coalesce(job_items.archived_at, jobs.archived_at) AS "archived_at: i64",
    job_items.version
FROM job_items
JOIN jobs ON jobs.id = job_items.job_id
WHERE job_items.job_id = ?
ORDER BY job_items.position
