INSERT INTO status_definitions (
    id, station_id, key, labels, color, machine_state, time_class, reason_wanted, report_type, position, active
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
