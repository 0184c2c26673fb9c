SELECT id AS "id!: uuid::Uuid", code, name, language, pin_hash FROM workers WHERE id = ? AND active = 1
