INSERT INTO checklists (id, name, items, active) VALUES (?, ?, ?, ?)
