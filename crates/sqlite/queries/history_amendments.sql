INSERT INTO amendments (id, kind, session_id, subject_id, old, new, reason, actor, at)
SELECT
    unhex(row.value ->> 'id', '-'),
    row.value ->> 'kind',
    unhex(row.value ->> 'session_id', '-'),
    unhex(row.value ->> 'subject_id', '-'),
    row.value ->  'old',
    row.value ->  'new',
    row.value ->> 'reason',
    row.value ->> 'actor',
    row.value ->> 'at'
FROM json_each(?) AS row
