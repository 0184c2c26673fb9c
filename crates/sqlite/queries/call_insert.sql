INSERT INTO calls (
    id, state, station_id, station_code, station_name, session_id, worker_id, worker_name, note, made_at, version
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
