INSERT INTO checklist_answers (session_id, moment, checklist_id, checklist_version, items, answers, at)
SELECT
    unhex(row.value ->> 'session_id', '-'),
    row.value ->> 'moment',
    list.id, list.version, list.items,
    row.value ->  'answers',
    row.value ->> 'at'
FROM json_each(?) AS row
CROSS JOIN checklists AS list ON list.id = unhex(row.value ->> 'checklist_id', '-')
