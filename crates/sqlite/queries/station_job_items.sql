-- What can be chosen at a station: open items first, completed ones after.
SELECT
    i.id                     AS "id!: uuid::Uuid",
    i.job_id                 AS "job_id!: uuid::Uuid",
    j.number                 AS job_number,
    j.customer,
    j.due_on,
    i.name,
    i.planned_quantity,
    t.good                   AS completed_good,
    (SELECT sum(a.scrap) FROM job_steps a WHERE a.job_item_id = i.id) AS "completed_scrap!: i64",
    s.id                     AS "step_id!: uuid::Uuid",
    s.position,
    s.is_terminal            AS "is_terminal: bool",
    s.planned_ms_per_piece,
    s.good                   AS step_good,
    s.scrap                  AS step_scrap,
    s.first_product_approval AS "first_product_approval: bool"
FROM job_steps s
JOIN job_items i ON i.id = s.job_item_id
JOIN jobs j ON j.id = i.job_id
JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
WHERE s.station_id = ?
  AND i.closed_short_at IS NULL AND i.archived_at IS NULL AND j.archived_at IS NULL
ORDER BY t.good >= i.planned_quantity, j.due_on IS NULL, j.due_on, j.number, i.position, s.position
