-- Who is signed in on a kiosk, and whether a session of his is open there.
SELECT
    workers.id AS "id!: uuid::Uuid",
    workers.code,
    workers.name,
    workers.language,
    sign_ins.touched_at,
    EXISTS (
        SELECT 1
        FROM leases
        JOIN sessions ON sessions.id = leases.session_id
        WHERE leases.kiosk_id = sign_ins.kiosk_id AND sessions.worker_id = sign_ins.worker_id
    ) AS "working!: bool"
FROM sign_ins
JOIN workers ON workers.id = sign_ins.worker_id AND workers.active = 1
WHERE sign_ins.kiosk_id = ?
