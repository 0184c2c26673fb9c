UPDATE installation SET log_epoch = ? WHERE id = 1
