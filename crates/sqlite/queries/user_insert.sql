INSERT INTO users (id, username, name, role, password_hash) VALUES (?, ?, ?, ?, ?)
