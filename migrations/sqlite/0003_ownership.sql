-- What comes back after an absence, what is taken back, and what a supervisor decides about the rest.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDv7 as 16 bytes.

-- Opened by a kiosk that had no server.
ALTER TABLE sessions ADD COLUMN started_offline INTEGER NOT NULL DEFAULT 0;
-- When it last came back after it had been closed for want of contact.
ALTER TABLE sessions ADD COLUMN recovered_at INTEGER;
-- Since when nobody has touched its kiosk, where that is longer than its station allows.
ALTER TABLE sessions ADD COLUMN untouched_since INTEGER;
-- Sessions whose end nobody has confirmed.
CREATE INDEX sessions_provisional ON sessions (worker_id, ended_at) WHERE provisional;

-- Nobody touched a kiosk there for so long, where nothing is produced: it is flagged; absent: the plant's limit.
ALTER TABLE stations ADD COLUMN untouched_ms INTEGER;

-- Nobody knows what the machine did: its kiosk was not running.
ALTER TABLE status_events ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
-- Taken back: it lasted no time.
ALTER TABLE status_events ADD COLUMN voided INTEGER NOT NULL DEFAULT 0;
-- Its start was told by the kiosk's wall clock alone.
ALTER TABLE status_events ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
-- When the kiosk said it began, where the server moved that by more than 2 s.
ALTER TABLE status_events ADD COLUMN shifted_from INTEGER;

-- Event time of the epoch's latest action: it outlives the lease, so that what comes late keeps its order.
ALTER TABLE claims ADD COLUMN last_action_at INTEGER;
CREATE INDEX claims_of_kiosk ON claims (kiosk_id, session_id);

-- Where an action was sent to: what it did is known by that, when it is taken back.
ALTER TABLE actions ADD COLUMN path TEXT;

-- Whose session and where, as far as it is known: what can be read beside an entry that names a session of nobody's.
ALTER TABLE quarantine ADD COLUMN worker_name TEXT;
ALTER TABLE quarantine ADD COLUMN station_name TEXT;
ALTER TABLE quarantine ADD COLUMN decision TEXT CHECK (decision IN ('accepted', 'rejected'));
ALTER TABLE quarantine ADD COLUMN decided_at INTEGER;
ALTER TABLE quarantine ADD COLUMN decided_by TEXT;
-- The entry that this one takes back.
ALTER TABLE quarantine ADD COLUMN undoes_id BLOB REFERENCES quarantine (id);
CREATE INDEX quarantine_waiting ON quarantine (at, id) WHERE decision IS NULL;
CREATE INDEX quarantine_of_session ON quarantine (session_id, seq);
CREATE INDEX quarantine_undoing ON quarantine (undoes_id) WHERE undoes_id IS NOT NULL;
