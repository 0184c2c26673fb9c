INSERT INTO report_changes (report_id, version, state, actor, note, at) VALUES (?, ?, ?, ?, ?, ?)
