UPDATE users
SET username = ?3, name = ?4, role = ?5, active = ?6, worker_id = ?7, version = version + 1
WHERE id = ?1 AND version = ?2
