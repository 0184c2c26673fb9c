UPDATE leases SET last_seen_at = ?1 WHERE last_seen_at > ?1
