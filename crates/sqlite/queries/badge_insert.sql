INSERT INTO badges (id, worker_id, code_hash, hint, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?)
