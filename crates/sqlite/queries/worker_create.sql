INSERT INTO workers (id, code, name, department, language, active, strict_stations) VALUES (?, ?, ?, ?, ?, ?, ?)
