INSERT INTO calls (
    id, state, station_id, station_code, station_name, session_id, worker_id, worker_name,
    note, made_at, seen_at, seen_by, escalated_at, ended_at, version
)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'state',
    session.station_id, session.station_code, session.station_name,
    session.id, session.worker_id, session.worker_name,
    row.value ->> 'note',
    row.value ->> 'made_at',
    row.value ->> 'seen_at',
    row.value ->> 'seen_by',
    row.value ->> 'escalated_at',
    row.value ->> 'ended_at',
    row.value ->> 'version'
FROM json_each(?) AS row
CROSS JOIN sessions AS session ON session.id = unhex(row.value ->> 'session_id', '-')
