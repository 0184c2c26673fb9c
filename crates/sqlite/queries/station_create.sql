INSERT INTO stations (
    id, code, name, kind, area_id, active, attended, minor_stop_ms, start_checklist_id, end_checklist_id, untouched_ms
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
