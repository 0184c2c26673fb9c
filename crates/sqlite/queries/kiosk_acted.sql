UPDATE kiosks SET last_seq = max(last_seq, ?2) WHERE id = ?1
