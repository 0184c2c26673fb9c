DELETE FROM leases WHERE session_id = ?
