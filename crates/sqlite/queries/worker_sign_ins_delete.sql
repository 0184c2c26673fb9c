DELETE FROM sign_ins WHERE worker_id = ?
