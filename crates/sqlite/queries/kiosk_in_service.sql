SELECT name FROM kiosks WHERE id = ? AND revoked_at IS NULL
