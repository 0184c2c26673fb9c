-- Only over the version it was decided on.
UPDATE status_events
SET reason_id = ?3, note = ?4, started_at = ?5, ended_at = ?6, version = ?7
WHERE id = ?1 AND version = ?2
