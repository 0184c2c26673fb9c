SELECT session_id AS "session_id!: uuid::Uuid" FROM status_events WHERE id = ?
