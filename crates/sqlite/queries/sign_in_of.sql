SELECT worker_id AS "worker_id!: uuid::Uuid" FROM sign_ins WHERE kiosk_id = ?
