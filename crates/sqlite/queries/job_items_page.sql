-- The items after (?1, ?2), in the order of their jobs' numbers, as they were made. Jobs first, whatever the planner
-- thinks of it: a page ends after a few of them.
SELECT i.id AS "id!: uuid::Uuid", i.job_id AS "job_id!: uuid::Uuid"
FROM jobs j
CROSS JOIN job_items i ON i.job_id = j.id
CROSS JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
WHERE j.number >= ?1 AND (j.number, i.id) > (?1, ?2)
  AND (?3 IS NULL OR ?3 = CASE
        WHEN i.archived_at IS NOT NULL OR j.archived_at IS NOT NULL THEN 'archived'
        WHEN i.closed_short_at IS NOT NULL OR t.good >= i.planned_quantity THEN 'done'
        ELSE 'open'
      END)
  AND (?4 IS NULL OR i.job_id = ?4)
  AND (?5 IS NULL OR i.name LIKE ?5 ESCAPE '\' OR j.number LIKE ?5 ESCAPE '\' OR j.customer LIKE ?5 ESCAPE '\')
ORDER BY j.number, i.id
LIMIT ?6
