UPDATE workers
SET code = ?3, name = ?4, department = ?5, language = ?6, active = ?7, strict_stations = ?8, version = version + 1
WHERE id = ?1 AND version = ?2
