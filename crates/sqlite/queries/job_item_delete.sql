DELETE FROM job_items WHERE id = ?1 AND version = ?2
