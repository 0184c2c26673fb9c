SELECT last_seq, name FROM kiosks WHERE id = ?
