DELETE FROM reasons WHERE id = ?1 AND version = ?2
