-- The items of every job that is not archived, in order.
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
WHERE jobs.archived_at IS NULL
ORDER BY job_items.job_id, job_items.position
