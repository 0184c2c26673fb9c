-- Only over the version it was decided on.
UPDATE approvals
SET state = ?3, seen_at = ?4, seen_by = ?5, escalated_at = ?6, decided_at = ?7, decided_by = ?8, note = ?9,
    ended_at = ?10, version = ?11
WHERE id = ?1 AND version = ?2
