SELECT
    id          AS "id!: uuid::Uuid",
    name,
    calendar_id AS "calendar_id: uuid::Uuid",
    version
FROM areas
WHERE (name, id) > (?1, ?2)
ORDER BY name, id
LIMIT ?3
