UPDATE job_steps
SET position = ?3,
    planned_ms_per_piece = ?4,
    first_product_approval = ?5,
    is_terminal = ?6
WHERE id = ?1 AND job_item_id = ?2
