-- In service or not: what he did then, he did.
SELECT id AS "id!: uuid::Uuid", code, name, language, pin_hash FROM workers WHERE code = ?
