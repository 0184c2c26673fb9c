-- Only over the version it was decided on.
UPDATE jobs
SET number = ?3,
    customer = ?4,
    description = ?5,
    due_on = ?6,
    version = version + 1
WHERE id = ?1 AND version = ?2
