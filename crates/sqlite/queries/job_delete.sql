DELETE FROM jobs WHERE id = ?1 AND version = ?2
