INSERT INTO step_presets (id, name, steps) VALUES (?, ?, ?)
