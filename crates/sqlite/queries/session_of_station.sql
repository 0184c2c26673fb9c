SELECT id AS "id!: uuid::Uuid" FROM sessions WHERE station_id = ? AND status = 'active'
