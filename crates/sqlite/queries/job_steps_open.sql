-- The steps of all items of every job that is not archived, in order.
SELECT
    job_steps.id          AS "id!: uuid::Uuid",
    job_steps.job_item_id AS "job_item_id!: uuid::Uuid",
    job_steps.position,
    job_steps.station_id  AS "station_id!: uuid::Uuid",
    stations.code         AS station_code,
    stations.name         AS station_name,
    job_steps.planned_ms_per_piece,
    job_steps.first_product_approval AS "first_product_approval: bool",
    job_steps.is_terminal AS "is_terminal: bool",
    job_steps.good,
    job_steps.scrap
FROM jobs
-- CROSS JOIN keeps SQLite to this order: from the jobs in work to what is theirs, past all that are archived.
CROSS JOIN job_items ON job_items.job_id = jobs.id
CROSS JOIN job_steps ON job_steps.job_item_id = job_items.id
CROSS JOIN stations ON stations.id = job_steps.station_id
WHERE jobs.archived_at IS NULL
ORDER BY job_steps.job_item_id, job_steps.position
