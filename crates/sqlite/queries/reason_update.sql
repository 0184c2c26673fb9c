UPDATE reasons SET labels = ?3, position = ?4, active = ?5, version = version + 1 WHERE id = ?1 AND version = ?2
