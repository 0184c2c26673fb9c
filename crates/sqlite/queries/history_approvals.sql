INSERT INTO approvals (
    id, state, station_id, station_code, station_name, session_id, worker_id, worker_name,
    job_item_id, job_item_name, job_number, step_id,
    asked_at, seen_at, seen_by, escalated_at, decided_at, decided_by, note, ended_at, version
)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'state',
    session.station_id, session.station_code, session.station_name,
    session.id, session.worker_id, session.worker_name,
    item.id, item.name, job.number,
    unhex(row.value ->> 'step_id', '-'),
    row.value ->> 'asked_at',
    row.value ->> 'seen_at',
    row.value ->> 'seen_by',
    row.value ->> 'escalated_at',
    row.value ->> 'decided_at',
    row.value ->> 'decided_by',
    row.value ->> 'note',
    row.value ->> 'ended_at',
    row.value ->> 'version'
FROM json_each(?) AS row
CROSS JOIN sessions AS session ON session.id = unhex(row.value ->> 'session_id', '-')
CROSS JOIN job_items AS item ON item.id = unhex(row.value ->> 'job_item_id', '-')
CROSS JOIN jobs AS job ON job.id = item.job_id
