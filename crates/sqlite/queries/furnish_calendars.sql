-- The parameter is a JSON array, one element a calendar.
INSERT INTO shift_calendars (id, name, time_zone, shifts, exceptions)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'name',
    row.value ->> 'time_zone',
    row.value ->  'shifts',
    row.value ->  'exceptions'
FROM json_each(?) AS row
