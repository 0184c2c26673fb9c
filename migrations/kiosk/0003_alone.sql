-- What a kiosk needs to go on without the server for a whole shift, and to say afterwards what became of it.

-- The session that begins with the entry, where one does: what comes after it waits for it.
ALTER TABLE outbox ADD COLUMN opens TEXT;
-- Whose it is, as JSON: the server wants his code with an opening, the screen says his name.
ALTER TABLE outbox ADD COLUMN worker TEXT;
-- Since when the program that took it had been running without a break, by the wall clock and by the clock that runs
-- on in suspend.
ALTER TABLE outbox ADD COLUMN running_wall_at INTEGER;
ALTER TABLE outbox ADD COLUMN running_boot_ms INTEGER;
-- It ended otherwise than its worker was told, and nobody has seen that yet.
ALTER TABLE outbox ADD COLUMN unsaid INTEGER NOT NULL DEFAULT 0 CHECK (unsaid IN (0, 1));
-- It can't be read (1), and somebody has seen that (2): it is kept for whoever repairs it, and the queue goes on.
ALTER TABLE outbox ADD COLUMN broken INTEGER NOT NULL DEFAULT 0 CHECK (broken IN (0, 1, 2));
CREATE INDEX outbox_unsaid ON outbox (id) WHERE unsaid = 1 OR broken = 1;

-- The id that the session gets and what the worker brought, as JSON: a claim is asked for again with the same.
ALTER TABLE opening ADD COLUMN session_id TEXT;
ALTER TABLE opening ADD COLUMN brings TEXT;
