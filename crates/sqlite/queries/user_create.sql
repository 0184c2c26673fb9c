INSERT INTO users (id, username, name, role, active, worker_id, password_hash) VALUES (?, ?, ?, ?, ?, ?, ?)
