-- When a hand was last there, kept where the lease ends: a session that comes back by itself was touched by nobody.
ALTER TABLE claims ADD COLUMN touched_at INTEGER;
