-- Ends sign-ins that nobody has touched since, unless a session of the worker's is open there.
DELETE FROM sign_ins
WHERE touched_at < ?1 AND NOT EXISTS (
    SELECT 1
    FROM leases
    JOIN sessions ON sessions.id = leases.session_id
    WHERE leases.kiosk_id = sign_ins.kiosk_id AND sessions.worker_id = sign_ins.worker_id
)
RETURNING kiosk_id AS "kiosk_id!: uuid::Uuid", worker_id AS "worker_id!: uuid::Uuid"
