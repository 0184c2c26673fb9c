INSERT INTO claims (session_id, epoch, instance_id, kiosk_id, from_at, until_at)
SELECT
    unhex(row.value ->> 'session_id', '-'),
    row.value ->> 'epoch',
    unhex(row.value ->> 'instance_id', '-'),
    unhex(row.value ->> 'kiosk_id', '-'),
    row.value ->> 'from_at',
    row.value ->> 'until_at'
FROM json_each(?) AS row
