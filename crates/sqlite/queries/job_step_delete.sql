DELETE FROM job_steps WHERE id = ?
