SELECT
    id        AS "id!: uuid::Uuid",
    username,
    name,
    role,
    active    AS "active: bool",
    worker_id AS "worker_id: uuid::Uuid",
    version
FROM users
WHERE (username, id) > (?1, ?2)
ORDER BY username, id
LIMIT ?3
