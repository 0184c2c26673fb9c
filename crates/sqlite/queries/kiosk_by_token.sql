SELECT id AS "id!: uuid::Uuid", name, station_id AS "station_id: uuid::Uuid", last_seq, program
FROM kiosks
WHERE token_hash = ? AND revoked_at IS NULL
