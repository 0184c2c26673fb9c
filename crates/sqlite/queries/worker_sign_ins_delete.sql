DELETE FROM sign_ins WHERE worker_id = ? RETURNING kiosk_id AS "kiosk_id!: uuid::Uuid"
