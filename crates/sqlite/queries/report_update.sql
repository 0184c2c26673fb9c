-- Only over the version it was decided on.
UPDATE reports
SET state = ?3, reason_id = ?4, reason_labels = ?5, description = ?6, scrap = ?7, changed_at = ?8, changed_by = ?9,
    version = ?10, worker_id = ?11, worker_name = ?12, job_item_id = ?13, job_item_name = ?14
WHERE id = ?1 AND version = ?2
