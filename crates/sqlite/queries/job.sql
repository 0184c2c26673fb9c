SELECT
    id AS "id!: uuid::Uuid",
    number,
    customer,
    description,
    due_on,
    archived_at,
    version
FROM jobs
WHERE id = ?
