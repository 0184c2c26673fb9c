DELETE FROM worker_stations WHERE worker_id = ?
