UPDATE job_steps SET good = good + ?2, scrap = scrap + ?3 WHERE id = ?1
