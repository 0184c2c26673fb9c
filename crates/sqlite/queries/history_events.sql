INSERT INTO status_events (
    id, session_id, status_definition_id, status, machine_state, time_class, reason_id, note, station_id,
    job_item_id, job_item_name, job_number, step_id, started_at, ended_at, epoch, version
)
SELECT
    unhex(row.value ->> 'id', '-'),
    session.id,
    definition.id,
    json_object(
        'key', definition.key, 'labels', json(definition.labels),
        'color', definition.color, 'machineState', definition.machine_state
    ),
    definition.machine_state,
    definition.time_class,
    unhex(row.value ->> 'reason_id', '-'),
    row.value ->> 'note',
    session.station_id,
    item.id, item.name, job.number,
    unhex(row.value ->> 'step_id', '-'),
    row.value ->> 'started_at',
    row.value ->> 'ended_at',
    row.value ->> 'epoch',
    row.value ->> 'version'
FROM json_each(?) AS row
CROSS JOIN sessions AS session ON session.id = unhex(row.value ->> 'session_id', '-')
CROSS JOIN status_definitions AS definition ON definition.id = unhex(row.value ->> 'status_definition_id', '-')
LEFT JOIN job_items AS item ON item.id = unhex(row.value ->> 'job_item_id', '-')
LEFT JOIN jobs AS job ON job.id = item.job_id
