INSERT INTO quarantine (
    id, kiosk_id, seq, session_id, path, body, reason, occurred_at, at, worker_name, station_name
)
SELECT
    unhex(row.value ->> 'id', '-'),
    unhex(row.value ->> 'kiosk_id', '-'),
    row.value ->> 'seq',
    unhex(row.value ->> 'session_id', '-'),
    row.value ->> 'path',
    row.value ->  'body',
    row.value ->> 'reason',
    row.value ->> 'occurred_at',
    row.value ->> 'at',
    (SELECT worker_name FROM sessions WHERE id = unhex(row.value ->> 'session_id', '-')),
    (SELECT station_name FROM sessions WHERE id = unhex(row.value ->> 'session_id', '-'))
FROM json_each(?) AS row
