SELECT station_id AS "station_id: uuid::Uuid" FROM kiosks WHERE id = ?
