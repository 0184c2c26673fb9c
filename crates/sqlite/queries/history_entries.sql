INSERT INTO quantity_ledger (
    id, session_id, status_event_id, job_item_id, step_id, good, scrap, scrap_reason_id, note, kind, corrects_id,
    occurred_at, at
)
SELECT
    unhex(row.value ->> 'id', '-'),
    unhex(row.value ->> 'session_id', '-'),
    unhex(row.value ->> 'status_event_id', '-'),
    unhex(row.value ->> 'job_item_id', '-'),
    unhex(row.value ->> 'step_id', '-'),
    row.value ->> 'good',
    row.value ->> 'scrap',
    unhex(row.value ->> 'scrap_reason_id', '-'),
    row.value ->> 'note',
    row.value ->> 'kind',
    unhex(row.value ->> 'corrects_id', '-'),
    row.value ->> 'occurred_at',
    row.value ->> 'at'
FROM json_each(?) AS row
