DELETE FROM job_steps WHERE job_item_id = ?
