SELECT
    id        AS "id!: uuid::Uuid",
    username,
    name,
    role,
    active    AS "active: bool",
    worker_id AS "worker_id: uuid::Uuid",
    version
FROM users
WHERE id = ?
