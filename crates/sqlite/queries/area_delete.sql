DELETE FROM areas WHERE id = ?1 AND version = ?2
