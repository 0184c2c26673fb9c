UPDATE claims SET last_action_at = max(ifnull(last_action_at, ?3), ?3) WHERE session_id = ?1 AND epoch = ?2
