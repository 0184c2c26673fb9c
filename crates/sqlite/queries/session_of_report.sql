SELECT session_id AS "session_id!: uuid::Uuid" FROM reports WHERE id = ?
