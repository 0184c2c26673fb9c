SELECT EXISTS (
    SELECT 1 FROM status_events WHERE session_id = ? AND machine_state = 'production' AND NOT voided
) AS "produced!: bool"
