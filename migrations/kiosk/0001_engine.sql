-- What a kiosk keeps on its own disk. Times are milliseconds since 1970 in UTC.

-- Which kiosk this is. The token is a secret: the file is readable by its owner only.
CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    server_url TEXT NOT NULL,
    kiosk_id TEXT NOT NULL,
    kiosk_name TEXT NOT NULL,
    token TEXT NOT NULL,
    station_id TEXT
) STRICT;

-- The session this kiosk owns, and the claim it owns it by.
CREATE TABLE claim (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    session_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    -- The session as the server last told it, as JSON.
    session TEXT NOT NULL,
    -- The open status event, where this kiosk made it, as JSON.
    status_event TEXT,
    -- The worker has ended it here; the entry that says so may still wait.
    ending INTEGER NOT NULL DEFAULT 0 CHECK (ending IN (0, 1))
) STRICT;

-- A claim that was asked for and not yet answered: asked again with the same instance, it is the same claim.
CREATE TABLE opening (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    instance_id TEXT NOT NULL,
    -- What it is for, as JSON.
    purpose TEXT NOT NULL
) STRICT;

-- Single values by name, as JSON: who is signed in, how the last session was lost, lists of the server.
CREATE TABLE remembered (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- The last number given to an action. Outlives the entries.
CREATE TABLE sequence (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;
INSERT INTO sequence (one, last) VALUES (1, 0);

-- What workers tapped, in order. An entry is never changed after its body was sent, until it has an answer.
CREATE TABLE outbox (
    -- The order of the taps; stays when an entry gets another number.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    -- What is to be sent, without its stamp, as JSON.
    request TEXT NOT NULL,
    session_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    -- When it was tapped, by the wall clock and by the clock that runs on in suspend.
    wall_at INTEGER NOT NULL,
    boot_id TEXT,
    boot_ms INTEGER,
    -- The exact bytes of the first sending; every later one repeats them.
    body TEXT,
    state TEXT NOT NULL DEFAULT 'saved'
        CHECK (state IN ('saved', 'applied', 'late', 'quarantined', 'refused', 'parked')),
    -- What the server said, as JSON.
    answer TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'saved';

-- What to add to this device's clock to have the server's, by boot.
CREATE TABLE clock_offset (
    boot_id TEXT PRIMARY KEY,
    offset_ms INTEGER NOT NULL,
    learnt_at INTEGER NOT NULL
) STRICT;
