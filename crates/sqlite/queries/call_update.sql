-- Only over the version it was decided on.
UPDATE calls
SET state = ?3, seen_at = ?4, seen_by = ?5, escalated_at = ?6, ended_at = ?7, version = ?8
WHERE id = ?1 AND version = ?2
