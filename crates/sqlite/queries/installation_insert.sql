INSERT INTO installation (id, log_epoch, listening_since) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING
