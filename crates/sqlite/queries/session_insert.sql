INSERT INTO sessions (
    id, worker_id, worker_code, worker_name, station_id, station_code, station_name, area_name,
    status, close_reason, provisional, current_status_id, current_status, last_status_change_at,
    started_at, ended_at, contact, last_contact_at, total_good, total_scrap, malfunction_count, version,
    job_id, job_number, job_item_id, job_item_name, step_id, outside_assignment, count_missing, asked_at,
    reason_missing_from, started_offline, recovered_at, untouched_since
) VALUES (
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
)
