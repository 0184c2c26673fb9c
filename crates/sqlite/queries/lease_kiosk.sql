SELECT kiosk_id AS "kiosk_id!: uuid::Uuid" FROM leases WHERE session_id = ?
