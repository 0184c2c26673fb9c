DELETE FROM logins WHERE user_id = ?
