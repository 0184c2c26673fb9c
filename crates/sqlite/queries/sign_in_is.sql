SELECT EXISTS (SELECT 1 FROM sign_ins WHERE kiosk_id = ? AND worker_id = ?) AS "signed_in!: bool"
