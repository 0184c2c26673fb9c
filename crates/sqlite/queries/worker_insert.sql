INSERT INTO workers (id, code, name, language, pin_hash) VALUES (?, ?, ?, ?, ?)
