UPDATE checklists SET name = ?3, items = ?4, active = ?5, version = version + 1 WHERE id = ?1 AND version = ?2
