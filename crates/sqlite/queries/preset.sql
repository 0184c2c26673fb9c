SELECT id AS "id!: uuid::Uuid", name, steps, version FROM step_presets WHERE id = ?
