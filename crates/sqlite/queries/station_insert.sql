INSERT INTO stations (id, code, name, kind, area_id) VALUES (?, ?, ?, ?, (SELECT id FROM areas WHERE name = ?))
