-- Only over the version it was decided on.
UPDATE messages SET shown_at = ?3, confirmed_at = ?4, version = ?5 WHERE id = ?1 AND version = ?2
