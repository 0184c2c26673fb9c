SELECT session_id AS "session_id!: uuid::Uuid" FROM claims WHERE instance_id = ? AND epoch = 1
