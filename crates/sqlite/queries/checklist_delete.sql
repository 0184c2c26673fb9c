DELETE FROM checklists WHERE id = ?1 AND version = ?2
