-- The newest session of a worker that was closed for want of contact.
SELECT id AS "id!: uuid::Uuid" FROM sessions INDEXED BY sessions_provisional
WHERE worker_id = ? AND provisional
ORDER BY ended_at DESC
LIMIT 1
