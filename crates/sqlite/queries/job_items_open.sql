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
FROM jobs
-- CROSS JOIN keeps SQLite to this order: from the jobs in work to what is theirs, past all that are archived.
CROSS JOIN job_items ON job_items.job_id = jobs.id
WHERE jobs.archived_at IS NULL
ORDER BY job_items.job_id, job_items.position
