UPDATE kiosks SET name = ?3, station_id = ?4, version = version + 1 WHERE id = ?1 AND version = ?2
