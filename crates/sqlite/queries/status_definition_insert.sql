-- A status that every plant has becomes what the plan says of it, under the plan's id.
INSERT INTO status_definitions (
    id, station_id, key, labels, color, machine_state, time_class, reason_wanted, report_type, protected, position
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) WHERE station_id IS NULL DO UPDATE
SET id = excluded.id,
    labels = excluded.labels,
    color = excluded.color,
    machine_state = excluded.machine_state,
    time_class = excluded.time_class,
    reason_wanted = excluded.reason_wanted,
    report_type = excluded.report_type,
    protected = excluded.protected,
    position = excluded.position
