-- Only over the version it was decided on.
UPDATE step_presets SET name = ?3, steps = ?4, version = version + 1 WHERE id = ?1 AND version = ?2
