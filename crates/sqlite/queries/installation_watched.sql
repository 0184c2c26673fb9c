UPDATE installation SET listening_since = ?, last_watch_at = ? WHERE id = 1
