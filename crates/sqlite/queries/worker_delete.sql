DELETE FROM workers WHERE id = ?1 AND version = ?2
