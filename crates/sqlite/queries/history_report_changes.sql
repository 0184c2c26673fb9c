INSERT INTO report_changes (report_id, version, state, actor, note, at)
SELECT
    unhex(row.value ->> 'report_id', '-'),
    row.value ->> 'version',
    row.value ->> 'state',
    row.value ->> 'actor',
    row.value ->> 'note',
    row.value ->> 'at'
FROM json_each(?) AS row
