DELETE FROM status_definitions WHERE id = ?1 AND version = ?2
