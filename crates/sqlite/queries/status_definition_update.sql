UPDATE status_definitions
SET
    labels = ?3, color = ?4, machine_state = ?5, time_class = ?6, reason_wanted = ?7, report_type = ?8, position = ?9,
    active = ?10, version = version + 1
WHERE id = ?1 AND version = ?2
