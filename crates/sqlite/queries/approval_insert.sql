INSERT INTO approvals (
    id, state, station_id, station_code, station_name, session_id, worker_id, worker_name,
    job_item_id, job_item_name, job_number, step_id, asked_at, note, version
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
