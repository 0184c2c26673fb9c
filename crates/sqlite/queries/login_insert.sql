INSERT INTO logins (user_id, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?) RETURNING number AS "number!: i64"
