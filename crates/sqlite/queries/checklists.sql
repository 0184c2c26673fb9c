SELECT
    id     AS "id!: uuid::Uuid",
    name,
    items,
    active AS "active: bool",
    version
FROM checklists
WHERE (name, id) > (?1, ?2)
ORDER BY name, id
LIMIT ?3
