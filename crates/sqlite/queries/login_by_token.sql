SELECT logins.number, logins.expires_at, users.id AS "id!: uuid::Uuid", users.username, users.name, users.role
FROM logins
JOIN users ON users.id = logins.user_id AND users.active = 1
WHERE logins.token_hash = ?1 AND logins.ended_at IS NULL AND logins.expires_at > ?2
