-- Those that can still be used.
SELECT
    id         AS "id!: uuid::Uuid",
    kiosk_name,
    station_id AS "station_id: uuid::Uuid",
    expires_at,
    created_by
FROM enrolment_codes
WHERE used_at IS NULL AND expires_at > ?4 AND (expires_at, id) > (?1, ?2)
ORDER BY expires_at, id
LIMIT ?3
