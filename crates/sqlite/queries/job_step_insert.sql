INSERT INTO job_steps (
    id, job_item_id, position, station_id, planned_ms_per_piece, first_product_approval, is_terminal
) VALUES (?, ?, ?, ?, ?, ?, ?)
