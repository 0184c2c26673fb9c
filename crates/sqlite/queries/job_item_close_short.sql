-- At a time with a reason, or opened again without both. Only over the version it was decided on.
UPDATE job_items
SET closed_short_at = ?3,
    closed_short_reason = ?4,
    version = version + 1
WHERE id = ?1 AND version = ?2
