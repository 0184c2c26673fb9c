SELECT log_epoch, listening_since, last_watch_at FROM installation WHERE id = 1
