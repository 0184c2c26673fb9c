-- The lease ends: when a hand was last there stays with its claim.
UPDATE claims
SET touched_at = (SELECT leases.touched_at FROM leases WHERE leases.session_id = claims.session_id)
WHERE session_id = ? AND until_at IS NULL
