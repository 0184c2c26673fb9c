-- Only over the version it was decided on.
UPDATE reports
SET state = ?3, reason_id = ?4, reason_labels = ?5, description = ?6, scrap = ?7, changed_at = ?8, changed_by = ?9,
    version = ?10
WHERE id = ?1 AND version = ?2
