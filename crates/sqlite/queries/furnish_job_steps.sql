INSERT INTO job_steps (
    id, job_item_id, position, station_id, planned_ms_per_piece, first_product_approval, is_terminal
)
SELECT
    unhex(step.value ->> 'id', '-'),
    unhex(item.value ->> 'id', '-'),
    step.key + 1,
    unhex(step.value ->> 'station_id', '-'),
    step.value ->> 'planned_ms_per_piece',
    step.value ->> 'first_product_approval',
    step.key + 1 = json_array_length(item.value, '$.steps')
FROM json_each(?) AS job
CROSS JOIN json_each(job.value, '$.items') AS item
CROSS JOIN json_each(item.value, '$.steps') AS step
