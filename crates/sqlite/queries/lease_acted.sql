UPDATE leases SET last_action_at = max(ifnull(last_action_at, ?2), ?2) WHERE session_id = ?1
