SELECT
    EXISTS (SELECT 1 FROM sessions WHERE status = 'active' AND current_status_id = ?1) AS "current!: bool",
    EXISTS (SELECT 1 FROM status_events WHERE status_definition_id = ?1)
    OR EXISTS (SELECT 1 FROM sessions WHERE current_status_id = ?1) AS "used!: bool"
