UPDATE stations
SET
    code = ?3, name = ?4, kind = ?5, area_id = ?6, active = ?7, attended = ?8, minor_stop_ms = ?9,
    start_checklist_id = ?10, end_checklist_id = ?11, untouched_ms = ?12, version = version + 1
WHERE id = ?1 AND version = ?2
