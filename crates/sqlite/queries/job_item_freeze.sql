-- From its first production on.
UPDATE job_items SET frozen_at = ?2 WHERE id = ?1 AND frozen_at IS NULL
