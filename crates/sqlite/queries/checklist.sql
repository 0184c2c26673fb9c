SELECT
    id     AS "id!: uuid::Uuid",
    name,
    items,
    active AS "active: bool",
    version
FROM checklists
WHERE id = ?
