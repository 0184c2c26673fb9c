SELECT session_id AS "session_id!: uuid::Uuid" FROM quantity_ledger WHERE id = ?
