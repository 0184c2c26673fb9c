INSERT INTO areas (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING
