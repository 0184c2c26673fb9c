INSERT INTO amendments (id, kind, session_id, subject_id, old, new, reason, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
