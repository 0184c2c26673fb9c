INSERT INTO reasons (id, station_id, kind, labels, position, active) VALUES (?, ?, ?, ?, ?, ?)
