INSERT INTO kiosks (id, name, station_id, token_hash, enrolled_at, revoked_at, last_seq)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'name',
    unhex(row.value ->> 'station_id', '-'),
    unhex(row.value ->> 'token_hash'),
    row.value ->> 'enrolled_at',
    row.value ->> 'revoked_at',
    row.value ->> 'last_seq'
FROM json_each(?) AS row
