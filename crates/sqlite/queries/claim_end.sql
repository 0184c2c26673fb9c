UPDATE claims SET until_at = ?2 WHERE session_id = ?1 AND until_at IS NULL
