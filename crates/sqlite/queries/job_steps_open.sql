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
FROM job_items
JOIN job_steps ON job_steps.job_item_id = job_items.id
JOIN stations ON stations.id = job_steps.station_id
JOIN jobs ON jobs.id = job_items.job_id
WHERE jobs.archived_at IS NULL
ORDER BY job_steps.job_item_id, job_steps.position
