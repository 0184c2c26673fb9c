-- What an entry needs to find its end whatever happens, and what tells its time whatever the clocks did.

-- Why the entry goes to the supervisor instead: the problem that stands against it, as JSON. It is parked by its
-- own number with the bytes that were refused.
ALTER TABLE outbox ADD COLUMN problem TEXT;
-- It had an answer, and the server forgot it: it was restored from a backup.
ALTER TABLE outbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1));
-- The entry that this one takes back. Its number is looked up when the bytes are made, for it may get another one.
ALTER TABLE outbox ADD COLUMN undoes INTEGER;
-- The session as it was shown before what is taken back, as JSON.
ALTER TABLE outbox ADD COLUMN before TEXT;

-- What to add to the clock that runs on in suspend to have the server's, in milliseconds: it holds for all of its
-- boot, whatever is done to the wall clock.
ALTER TABLE clock_offset ADD COLUMN boot_offset_ms INTEGER;
