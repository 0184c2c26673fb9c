-- Open sessions whose kiosk was not heard since a moment.
SELECT session_id AS "session_id!: uuid::Uuid", last_seen_at, epoch, next_ms
FROM leases
WHERE last_seen_at <= ?
ORDER BY session_id
