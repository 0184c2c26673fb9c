-- The floor: who, where, what state, since when; and the log of every change.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDv7 as 16 bytes.
-- Names of tables and columns are the same in migrations/postgres.

CREATE TABLE installation (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    -- Names this history; a restored or new database has another.
    log_epoch       TEXT    NOT NULL,
    -- Since when the watch over contacts has run without a break.
    listening_since INTEGER NOT NULL,
    last_watch_at   INTEGER
) STRICT;

CREATE TABLE areas (
    id   BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE stations (
    id      BLOB    PRIMARY KEY,
    code    TEXT    NOT NULL UNIQUE,
    name    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    area_id BLOB    REFERENCES areas (id),
    active  INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE workers (
    id       BLOB    PRIMARY KEY,
    code     TEXT    NOT NULL UNIQUE,
    name     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    pin_hash TEXT,
    active   INTEGER NOT NULL DEFAULT 1,
    version  INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE status_definitions (
    id            BLOB    PRIMARY KEY,
    -- Of one station, or of all.
    station_id    BLOB    REFERENCES stations (id),
    key           TEXT    NOT NULL,
    labels        TEXT    NOT NULL CHECK (json_valid(labels)),
    color         TEXT    NOT NULL,
    machine_state TEXT    NOT NULL CHECK (machine_state IN ('production', 'setup', 'stoppage')),
    time_class    TEXT    NOT NULL CHECK (time_class IN ('production', 'setup', 'plannedStop', 'unplannedStop')),
    reason_wanted TEXT    NOT NULL CHECK (reason_wanted IN ('never', 'later', 'now')),
    report_type   TEXT    NOT NULL CHECK (report_type IN ('none', 'malfunction', 'general')),
    protected     INTEGER NOT NULL DEFAULT 0,
    active        INTEGER NOT NULL DEFAULT 1,
    position      INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX status_definitions_global_key ON status_definitions (key) WHERE station_id IS NULL;
CREATE UNIQUE INDEX status_definitions_station_key ON status_definitions (station_id, key) WHERE station_id IS NOT NULL;

CREATE TABLE reasons (
    id         BLOB    PRIMARY KEY,
    station_id BLOB    REFERENCES stations (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('stop', 'malfunction', 'general', 'scrap')),
    labels     TEXT    NOT NULL CHECK (json_valid(labels)),
    active     INTEGER NOT NULL DEFAULT 1,
    position   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE kiosks (
    id          BLOB    PRIMARY KEY,
    name        TEXT    NOT NULL,
    station_id  BLOB    REFERENCES stations (id),
    -- SHA-256 of the token; the token itself is nowhere.
    token_hash  BLOB    NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    revoked_at  INTEGER,
    last_seq    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_codes (
    code_hash  BLOB    PRIMARY KEY,
    kiosk_name TEXT    NOT NULL,
    station_id BLOB    REFERENCES stations (id),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id            BLOB    PRIMARY KEY,
    username      TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('supervisor', 'admin')),
    password_hash TEXT    NOT NULL,
    active        INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    BLOB    NOT NULL REFERENCES users (id),
    token_hash BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;

-- Who is signed in on a kiosk: one worker at most.
CREATE TABLE sign_ins (
    kiosk_id     BLOB    PRIMARY KEY REFERENCES kiosks (id),
    worker_id    BLOB    NOT NULL REFERENCES workers (id),
    signed_in_at INTEGER NOT NULL,
    touched_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names are copied so that history stays readable, and so that a board needs no join.
CREATE TABLE sessions (
    id                    BLOB    PRIMARY KEY,
    worker_id             BLOB    NOT NULL REFERENCES workers (id),
    worker_code           TEXT    NOT NULL,
    worker_name           TEXT    NOT NULL,
    station_id            BLOB    NOT NULL REFERENCES stations (id),
    station_code          TEXT    NOT NULL,
    station_name          TEXT    NOT NULL,
    area_name             TEXT,
    status                TEXT    NOT NULL CHECK (status IN ('active', 'completed', 'aborted')),
    close_reason          TEXT    CHECK (close_reason IN
                                  ('completed', 'handover', 'idle', 'forgotten', 'forced', 'abandoned')),
    provisional           INTEGER NOT NULL DEFAULT 0,
    current_status_id     BLOB    REFERENCES status_definitions (id),
    -- The status as a board shows it: key, labels, colour, machine state.
    current_status        TEXT    CHECK (json_valid(current_status)),
    last_status_change_at INTEGER NOT NULL,
    started_at            INTEGER NOT NULL,
    ended_at              INTEGER,
    contact               TEXT    NOT NULL CHECK (contact IN ('online', 'stale', 'lost')),
    last_contact_at       INTEGER,
    total_good            INTEGER NOT NULL DEFAULT 0 CHECK (total_good >= 0),
    total_scrap           INTEGER NOT NULL DEFAULT 0 CHECK (total_scrap >= 0),
    malfunction_count     INTEGER NOT NULL DEFAULT 0,
    version               INTEGER NOT NULL,
    CHECK ((status = 'active') = (ended_at IS NULL)),
    CHECK ((status = 'active') = (close_reason IS NULL))
) STRICT, WITHOUT ROWID;
-- Two workers at one station can't be, whatever races.
CREATE UNIQUE INDEX sessions_one_per_station ON sessions (station_id) WHERE status = 'active';
CREATE INDEX sessions_active_of_worker ON sessions (worker_id) WHERE status = 'active';

-- Who owns a session through time. The row without an end is the owner.
CREATE TABLE claims (
    session_id  BLOB    NOT NULL REFERENCES sessions (id),
    epoch       INTEGER NOT NULL CHECK (epoch >= 1),
    instance_id BLOB    NOT NULL,
    kiosk_id    BLOB    NOT NULL REFERENCES kiosks (id),
    from_at     INTEGER NOT NULL,
    until_at    INTEGER,
    PRIMARY KEY (session_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_of_instance ON claims (instance_id);

-- The lease, apart from the session: heartbeats write here and nowhere else. It goes with the session's end.
CREATE TABLE leases (
    session_id     BLOB    PRIMARY KEY REFERENCES sessions (id),
    kiosk_id       BLOB    NOT NULL REFERENCES kiosks (id),
    instance_id    BLOB    NOT NULL,
    epoch          INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL,
    -- Event time of the epoch's latest action: the next one counts from no earlier.
    last_action_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_of_kiosk ON leases (kiosk_id);

CREATE TABLE status_events (
    id                   BLOB    PRIMARY KEY,
    session_id           BLOB    NOT NULL REFERENCES sessions (id),
    status_definition_id BLOB    NOT NULL REFERENCES status_definitions (id),
    -- The status as it was named then.
    status               TEXT    NOT NULL CHECK (json_valid(status)),
    machine_state        TEXT    NOT NULL,
    reason_id            BLOB    REFERENCES reasons (id),
    note                 TEXT,
    started_at           INTEGER NOT NULL,
    ended_at             INTEGER CHECK (ended_at >= started_at),
    epoch                INTEGER NOT NULL,
    version              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX status_events_one_open ON status_events (session_id) WHERE ended_at IS NULL;
CREATE INDEX status_events_of_session ON status_events (session_id, started_at);

-- Every worker action by its number, with the answer it got, for ever.
CREATE TABLE actions (
    kiosk_id BLOB    NOT NULL REFERENCES kiosks (id),
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    digest   BLOB    NOT NULL,
    answer   TEXT    NOT NULL CHECK (json_valid(answer)),
    at       INTEGER NOT NULL,
    PRIMARY KEY (kiosk_id, seq)
) STRICT, WITHOUT ROWID;

-- Actions that could not be applied: nothing in here is lost, nothing in here counts.
CREATE TABLE quarantine (
    id          BLOB    PRIMARY KEY,
    kiosk_id    BLOB    NOT NULL REFERENCES kiosks (id),
    seq         INTEGER NOT NULL,
    session_id  BLOB    NOT NULL,
    path        TEXT    NOT NULL,
    body        TEXT    NOT NULL CHECK (json_valid(body)),
    reason      TEXT    NOT NULL,
    occurred_at INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    UNIQUE (kiosk_id, seq)
) STRICT, WITHOUT ROWID;

-- One row is one changed row of the tables above, dense and in commit order.
CREATE TABLE changes (
    "offset" INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    row      TEXT    NOT NULL CHECK (json_valid(row))
) STRICT;

-- Who did what that is not a worker's action. Only ever added to.
CREATE TABLE audit_log (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    verb   TEXT    NOT NULL,
    object TEXT    NOT NULL
) STRICT;
