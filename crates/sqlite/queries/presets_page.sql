SELECT id AS "id!: uuid::Uuid", name, steps, version
FROM step_presets
WHERE (name, id) > (?1, ?2)
ORDER BY name, id
LIMIT ?3
