SELECT
    id        AS "id!: uuid::Uuid",
    worker_id AS "worker_id!: uuid::Uuid",
    hint,
    valid_from,
    valid_to,
    revoked_at
FROM badges
WHERE id = ?
