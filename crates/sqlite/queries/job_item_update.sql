-- Only over the version it was decided on.
UPDATE job_items
SET name = ?3,
    planned_quantity = ?4,
    version = version + 1
WHERE id = ?1 AND version = ?2
