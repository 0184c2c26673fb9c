UPDATE kiosks SET program = ?2 WHERE id = ?1
