-- After the last item of its job.
INSERT INTO job_items (id, job_id, position, name, planned_quantity)
VALUES (?1, ?2, (SELECT coalesce(max(position), 0) + 1 FROM job_items WHERE job_id = ?2), ?3, ?4)
