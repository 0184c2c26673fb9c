INSERT INTO reports (
    id, type, state, station_id, station_code, station_name, session_id, worker_id, worker_name, status_event_id,
    job_item_id, job_item_name, reason_id, reason_labels, description, scrap, kiosk_id,
    occurred_at, changed_at, changed_by, version
)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'type',
    row.value ->> 'state',
    session.station_id, session.station_code, session.station_name,
    session.id, session.worker_id, session.worker_name,
    unhex(row.value ->> 'status_event_id', '-'),
    item.id, item.name, reason.id, reason.labels,
    row.value ->> 'description',
    row.value ->> 'scrap',
    unhex(row.value ->> 'kiosk_id', '-'),
    row.value ->> 'occurred_at',
    row.value ->> 'changed_at',
    row.value ->> 'changed_by',
    row.value ->> 'version'
FROM json_each(?) AS row
CROSS JOIN sessions AS session ON session.id = unhex(row.value ->> 'session_id', '-')
LEFT JOIN job_items AS item ON item.id = unhex(row.value ->> 'job_item_id', '-')
LEFT JOIN reasons AS reason ON reason.id = unhex(row.value ->> 'reason_id', '-')
