SELECT
    id          AS "id!: uuid::Uuid",
    name,
    calendar_id AS "calendar_id: uuid::Uuid",
    version
FROM areas
WHERE id = ?
