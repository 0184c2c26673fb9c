INSERT INTO job_items (id, job_id, position, name, planned_quantity, closed_short_at, closed_short_reason)
SELECT
    unhex(item.value ->> 'id', '-'),
    unhex(job.value ->> 'id', '-'),
    item.key + 1,
    item.value ->> 'name',
    item.value ->> 'planned_quantity',
    item.value ->> 'closed_short_at',
    item.value ->> 'closed_short_reason'
FROM json_each(?) AS job
CROSS JOIN json_each(job.value, '$.items') AS item
