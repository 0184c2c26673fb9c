-- CROSS JOIN keeps SQLite to this order: each row finds its things by their keys.
INSERT INTO sessions (
    id, worker_id, worker_code, worker_name, station_id, station_code, station_name, area_name,
    status, close_reason, current_status_id, current_status, last_status_change_at, started_at, ended_at,
    contact, last_contact_at, total_good, total_scrap, malfunction_count,
    job_id, job_number, job_item_id, job_item_name, step_id, count_missing, version
)
SELECT
    unhex(row.value ->> 'id', '-'),
    worker.id, worker.code, worker.name, station.id, station.code, station.name, area.name,
    row.value ->> 'status',
    row.value ->> 'close_reason',
    definition.id,
    json_object(
        'key', definition.key, 'labels', json(definition.labels),
        'color', definition.color, 'machineState', definition.machine_state
    ),
    row.value ->> 'last_status_change_at',
    row.value ->> 'started_at',
    row.value ->> 'ended_at',
    row.value ->> 'contact',
    row.value ->> 'last_contact_at',
    row.value ->> 'total_good',
    row.value ->> 'total_scrap',
    row.value ->> 'malfunction_count',
    job.id, job.number, item.id, item.name,
    unhex(row.value ->> 'step_id', '-'),
    row.value ->> 'count_missing',
    row.value ->> 'version'
FROM json_each(?) AS row
CROSS JOIN workers AS worker ON worker.id = unhex(row.value ->> 'worker_id', '-')
CROSS JOIN stations AS station ON station.id = unhex(row.value ->> 'station_id', '-')
CROSS JOIN status_definitions AS definition ON definition.id = unhex(row.value ->> 'current_status_id', '-')
LEFT JOIN areas AS area ON area.id = station.area_id
LEFT JOIN job_items AS item ON item.id = unhex(row.value ->> 'job_item_id', '-')
LEFT JOIN jobs AS job ON job.id = item.job_id
