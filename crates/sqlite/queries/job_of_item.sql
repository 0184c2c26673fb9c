SELECT job_id AS "job_id!: uuid::Uuid" FROM job_items WHERE id = ?
