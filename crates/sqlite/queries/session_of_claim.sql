-- The session that a kiosk claimed with this instance.
SELECT session_id AS "session_id!: uuid::Uuid"
FROM claims
WHERE instance_id = ?1 AND kiosk_id = ?2
ORDER BY from_at DESC
LIMIT 1
