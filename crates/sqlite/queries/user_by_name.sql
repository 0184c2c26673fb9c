SELECT id AS "id!: uuid::Uuid", username, name, role, password_hash FROM users WHERE username = ? AND active = 1
