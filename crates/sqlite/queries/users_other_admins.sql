SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND active = 1 AND id <> ?) AS "others!: bool"
