UPDATE kiosks SET revoked_at = ?2, version = version + 1 WHERE id = ?1 AND revoked_at IS NULL
