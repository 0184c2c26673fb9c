INSERT INTO worker_stations (worker_id, station_id) VALUES (?, ?)
