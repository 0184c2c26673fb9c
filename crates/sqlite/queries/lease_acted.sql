-- What a hand did, and when: the next action counts from no earlier, and somebody was there.
UPDATE leases
SET last_action_at = max(ifnull(last_action_at, ?2), ?2), touched_at = max(ifnull(touched_at, ?2), ?2)
WHERE session_id = ?1
