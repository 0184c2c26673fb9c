-- Out of the way of the new order: no two at one position, and no two terminal, not even for a moment.
UPDATE job_steps SET position = position + 1000, is_terminal = 0 WHERE job_item_id = ?
