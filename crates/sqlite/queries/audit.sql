INSERT INTO audit_log (at, actor, verb, object) VALUES (?, ?, ?, ?)
