SELECT leases.session_id AS "session_id!: uuid::Uuid"
FROM leases
WHERE leases.kiosk_id = ?
ORDER BY leases.last_seen_at DESC
LIMIT 1
