DELETE FROM stations WHERE id = ?1 AND version = ?2
