-- At a time, or taken out again without one. Only over the version it was decided on.
UPDATE jobs SET archived_at = ?3, version = version + 1 WHERE id = ?1 AND version = ?2
