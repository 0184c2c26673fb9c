DELETE FROM badges WHERE worker_id = ?
