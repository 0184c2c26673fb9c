UPDATE workers SET pin_hash = ?3, version = version + 1 WHERE id = ?1 AND version = ?2
