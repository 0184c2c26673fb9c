INSERT INTO reports (
    id, type, state, station_id, station_code, station_name, session_id, worker_id, worker_name,
    status_event_id, job_item_id, job_item_name, reason_id, reason_labels, description, scrap, image_ids, kiosk_id,
    occurred_at, changed_at, changed_by, version
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
