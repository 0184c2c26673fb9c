INSERT INTO sign_ins (kiosk_id, worker_id, signed_in_at, touched_at)
VALUES (?1, ?2, ?3, ?3)
ON CONFLICT (kiosk_id) DO UPDATE
SET worker_id = excluded.worker_id, signed_in_at = excluded.signed_in_at, touched_at = excluded.touched_at
