UPDATE status_definitions SET active = 0, version = version + 1 WHERE id = ?1 AND version = ?2
