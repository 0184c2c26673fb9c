INSERT INTO status_events (
    id, session_id, status_definition_id, status, machine_state, reason_id, note, started_at, ended_at, epoch, version
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
