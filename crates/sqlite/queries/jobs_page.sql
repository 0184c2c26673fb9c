-- The jobs after (?1, ?2), in the order of numbers. Items that were put away by themselves don't count.
SELECT j.id AS "id!: uuid::Uuid"
FROM jobs j
WHERE (j.number, j.id) > (?1, ?2)
  AND (?3 IS NULL OR ?3 = CASE
        WHEN j.archived_at IS NOT NULL THEN 'archived'
        WHEN EXISTS (SELECT 1 FROM job_items i WHERE i.job_id = j.id AND i.archived_at IS NULL)
         AND NOT EXISTS (
            SELECT 1
            FROM job_items i
            JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
            WHERE i.job_id = j.id AND i.archived_at IS NULL AND i.closed_short_at IS NULL
              AND t.good < i.planned_quantity
         ) THEN 'done'
        ELSE 'open'
      END)
  AND (?4 IS NULL
       OR j.number LIKE ?4 ESCAPE '\'
       OR j.customer LIKE ?4 ESCAPE '\'
       OR j.description LIKE ?4 ESCAPE '\'
       OR EXISTS (SELECT 1 FROM job_items i WHERE i.job_id = j.id AND i.name LIKE ?4 ESCAPE '\'))
ORDER BY j.number, j.id
LIMIT ?5
