DELETE FROM users WHERE id = ?1 AND version = ?2
