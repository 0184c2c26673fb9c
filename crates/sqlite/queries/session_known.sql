SELECT version FROM sessions WHERE id = ?
