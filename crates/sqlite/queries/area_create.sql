INSERT INTO areas (id, name, calendar_id) VALUES (?, ?, ?)
