-- The trade: what is made, how much of it, what went wrong, and who said it was all right.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDv7 as 16 bytes, `*_ms` are milliseconds.
-- JSON columns hold the shapes of the API.

-- ----------------------------------------------------------------------------------- how answers are stored
-- A table without rowids keeps no more than a quarter of a page of a row in its tree: each of these answers took a page
-- of its own beside it. They are the largest part of the database, and kept for ever.

ALTER TABLE actions RENAME TO actions_without_rowid;
CREATE TABLE actions (
    kiosk_id BLOB    NOT NULL REFERENCES kiosks (id),
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    digest   BLOB    NOT NULL,
    answer   TEXT    NOT NULL CHECK (json_valid(answer)),
    at       INTEGER NOT NULL,
    PRIMARY KEY (kiosk_id, seq)
) STRICT;
INSERT INTO actions (kiosk_id, seq, digest, answer, at)
SELECT kiosk_id, seq, digest, answer, at FROM actions_without_rowid;
DROP TABLE actions_without_rowid;

-- ---------------------------------------------------------------------------------------------- the plant

CREATE TABLE shift_calendars (
    id         BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    -- IANA name: shifts are said in local time.
    time_zone  TEXT    NOT NULL,
    shifts     TEXT    NOT NULL CHECK (json_valid(shifts)),
    exceptions TEXT    NOT NULL CHECK (json_valid(exceptions)),
    version    INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

ALTER TABLE areas ADD COLUMN calendar_id BLOB REFERENCES shift_calendars (id);
ALTER TABLE areas ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE workers ADD COLUMN department TEXT;
-- Strict: he may use the stations he is meant for and no other. Otherwise others are allowed and marked.
ALTER TABLE workers ADD COLUMN strict_stations INTEGER NOT NULL DEFAULT 0;

-- The stations a worker is meant for; none: all.
CREATE TABLE worker_stations (
    worker_id  BLOB NOT NULL REFERENCES workers (id),
    station_id BLOB NOT NULL REFERENCES stations (id),
    PRIMARY KEY (worker_id, station_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE badges (
    id         BLOB    PRIMARY KEY,
    worker_id  BLOB    NOT NULL REFERENCES workers (id),
    -- SHA-256 of what the reader types; what it types is nowhere.
    code_hash  BLOB    NOT NULL,
    -- Its last characters, to tell it from another.
    hint       TEXT    NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to   INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX badges_one_in_use ON badges (code_hash) WHERE revoked_at IS NULL;
CREATE INDEX badges_of_worker ON badges (worker_id);

-- A supervisor who is also a worker shows badge and PIN at a kiosk.
ALTER TABLE users ADD COLUMN worker_id BLOB REFERENCES workers (id);
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE checklists (
    id      BLOB    PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    items   TEXT    NOT NULL CHECK (json_valid(items)),
    active  INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

ALTER TABLE stations ADD COLUMN start_checklist_id BLOB REFERENCES checklists (id);
ALTER TABLE stations ADD COLUMN end_checklist_id BLOB REFERENCES checklists (id);
-- Unattended: nobody has to touch the kiosk while the machine runs.
ALTER TABLE stations ADD COLUMN attended INTEGER NOT NULL DEFAULT 1;
-- A stop shorter than this asks nothing; absent: the plant's.
ALTER TABLE stations ADD COLUMN minor_stop_ms INTEGER;

-- After how long the kiosk was told to beat again: silence is counted in these.
ALTER TABLE leases ADD COLUMN next_ms INTEGER;

ALTER TABLE reasons ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE kiosks ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- The program it runs, as it says itself.
ALTER TABLE kiosks ADD COLUMN program TEXT;

-- A code is named by this: whoever reads a list must not be able to guess the code from its digest.
ALTER TABLE enrolment_codes ADD COLUMN id BLOB;
ALTER TABLE enrolment_codes ADD COLUMN created_by TEXT;
UPDATE enrolment_codes SET id = randomblob(16);
CREATE UNIQUE INDEX enrolment_codes_by_id ON enrolment_codes (id);

-- Whether a kiosk's own stream is connected, as the boards were last told. One without a row was never heard.
CREATE TABLE kiosk_contacts (
    kiosk_id        BLOB    PRIMARY KEY REFERENCES kiosks (id),
    contact         TEXT    NOT NULL CHECK (contact IN ('online', 'stale', 'lost')),
    -- Absent while it is online.
    last_contact_at INTEGER
) STRICT, WITHOUT ROWID;

-- --------------------------------------------------------------------------------------------------- jobs

CREATE TABLE jobs (
    id          BLOB    PRIMARY KEY,
    number      TEXT    NOT NULL UNIQUE,
    customer    TEXT,
    description TEXT,
    -- A calendar day, YYYY-MM-DD.
    due_on      TEXT,
    archived_at INTEGER,
    version     INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- What is in work, beside years of what was archived.
CREATE INDEX jobs_in_work ON jobs (number) WHERE archived_at IS NULL;

CREATE TABLE job_items (
    id                  BLOB    PRIMARY KEY,
    job_id              BLOB    NOT NULL REFERENCES jobs (id),
    position            INTEGER NOT NULL,
    name                TEXT    NOT NULL,
    planned_quantity    INTEGER NOT NULL CHECK (planned_quantity > 0),
    -- Its steps stand still from its first production on.
    frozen_at           INTEGER,
    closed_short_at     INTEGER,
    closed_short_reason TEXT,
    archived_at         INTEGER,
    version             INTEGER NOT NULL DEFAULT 1,
    CHECK ((closed_short_at IS NULL) = (closed_short_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX job_items_of_job ON job_items (job_id, position);

-- The steps of an item in order, with their balance: derived from the ledger, always equal to it.
-- The last is terminal: it alone advances the item.
CREATE TABLE job_steps (
    id                     BLOB    PRIMARY KEY,
    job_item_id            BLOB    NOT NULL REFERENCES job_items (id),
    position               INTEGER NOT NULL CHECK (position >= 1),
    station_id             BLOB    NOT NULL REFERENCES stations (id),
    planned_ms_per_piece   INTEGER CHECK (planned_ms_per_piece > 0),
    first_product_approval INTEGER NOT NULL DEFAULT 0,
    is_terminal            INTEGER NOT NULL,
    good                   INTEGER NOT NULL DEFAULT 0 CHECK (good >= 0),
    scrap                  INTEGER NOT NULL DEFAULT 0 CHECK (scrap >= 0),
    UNIQUE (job_item_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_steps_at_station ON job_steps (station_id);
CREATE UNIQUE INDEX job_steps_one_terminal ON job_steps (job_item_id) WHERE is_terminal;

CREATE TABLE step_presets (
    id      BLOB    PRIMARY KEY,
    name    TEXT    NOT NULL UNIQUE,
    steps   TEXT    NOT NULL CHECK (json_valid(steps)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- ----------------------------------------------------------------------------------- sessions and history

ALTER TABLE sessions ADD COLUMN job_id BLOB REFERENCES jobs (id);
ALTER TABLE sessions ADD COLUMN job_number TEXT;
ALTER TABLE sessions ADD COLUMN job_item_id BLOB REFERENCES job_items (id);
ALTER TABLE sessions ADD COLUMN job_item_name TEXT;
ALTER TABLE sessions ADD COLUMN step_id BLOB REFERENCES job_steps (id);
-- The worker is not meant for this station, but was let.
ALTER TABLE sessions ADD COLUMN outside_assignment INTEGER NOT NULL DEFAULT 0;
-- Pieces were made in it that nobody counted.
ALTER TABLE sessions ADD COLUMN count_missing INTEGER NOT NULL DEFAULT 0;
-- Since when it is asked whether somebody is still there.
ALTER TABLE sessions ADD COLUMN asked_at INTEGER;
-- From when on its current stretch counts as a stop without a reason.
ALTER TABLE sessions ADD COLUMN reason_missing_from INTEGER;
CREATE INDEX sessions_by_start ON sessions (started_at, id);
CREATE INDEX sessions_count_missing ON sessions (started_at) WHERE count_missing;
-- The last sessions of a station.
CREATE INDEX sessions_of_station ON sessions (station_id, ended_at);

-- The last thing a hand did at the kiosk: a heartbeat proves the device, not the worker.
ALTER TABLE leases ADD COLUMN touched_at INTEGER;

ALTER TABLE status_events ADD COLUMN time_class TEXT;
ALTER TABLE status_events ADD COLUMN station_id BLOB REFERENCES stations (id);
ALTER TABLE status_events ADD COLUMN job_item_id BLOB REFERENCES job_items (id);
ALTER TABLE status_events ADD COLUMN job_item_name TEXT;
ALTER TABLE status_events ADD COLUMN job_number TEXT;
ALTER TABLE status_events ADD COLUMN step_id BLOB REFERENCES job_steps (id);
CREATE INDEX status_events_of_item ON status_events (job_item_id) WHERE job_item_id IS NOT NULL;
CREATE INDEX status_events_of_definition ON status_events (status_definition_id);
-- Whether a reason is used is asked when one is deleted, and when stops are counted by reason.
CREATE INDEX status_events_of_reason ON status_events (reason_id) WHERE reason_id IS NOT NULL;

-- Every piece that was counted, once. Corrections are entries too.
CREATE TABLE quantity_ledger (
    id              BLOB    PRIMARY KEY,
    session_id      BLOB    NOT NULL REFERENCES sessions (id),
    status_event_id BLOB    REFERENCES status_events (id),
    job_item_id     BLOB    REFERENCES job_items (id),
    step_id         BLOB    REFERENCES job_steps (id),
    good            INTEGER NOT NULL,
    scrap           INTEGER NOT NULL,
    scrap_reason_id BLOB    REFERENCES reasons (id),
    note            TEXT,
    -- What a counter showed, where it was read instead of counted.
    counter_start   INTEGER,
    counter_end     INTEGER,
    kind            TEXT    NOT NULL CHECK (kind IN ('count', 'handover', 'undo', 'correction')),
    -- The entry this one takes back, wholly or in part.
    corrects_id     BLOB    REFERENCES quantity_ledger (id),
    occurred_at     INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    CHECK (kind IN ('undo', 'correction') OR (good >= 0 AND scrap >= 0)),
    CHECK ((job_item_id IS NULL) = (step_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX quantity_ledger_of_session ON quantity_ledger (session_id, occurred_at);
CREATE INDEX quantity_ledger_of_step ON quantity_ledger (step_id);
CREATE INDEX quantity_ledger_of_scrap_reason ON quantity_ledger (scrap_reason_id) WHERE scrap_reason_id IS NOT NULL;
CREATE INDEX quantity_ledger_of_event ON quantity_ledger (status_event_id);
CREATE TRIGGER quantity_ledger_is_not_changed BEFORE UPDATE ON quantity_ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER quantity_ledger_is_not_deleted BEFORE DELETE ON quantity_ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- ------------------------------------------------------------------------------------------------ reports

CREATE TABLE reports (
    id              BLOB    PRIMARY KEY,
    type            TEXT    NOT NULL CHECK (type IN ('malfunction', 'general', 'scrap')),
    state           TEXT    NOT NULL CHECK (state IN ('open', 'known', 'solved', 'new', 'approved', 'withdrawn')),
    station_id      BLOB    NOT NULL REFERENCES stations (id),
    station_code    TEXT    NOT NULL,
    station_name    TEXT    NOT NULL,
    session_id      BLOB    NOT NULL REFERENCES sessions (id),
    worker_id       BLOB    NOT NULL REFERENCES workers (id),
    worker_name     TEXT    NOT NULL,
    status_event_id BLOB    REFERENCES status_events (id),
    job_item_id     BLOB    REFERENCES job_items (id),
    job_item_name   TEXT,
    reason_id       BLOB    REFERENCES reasons (id),
    -- The reason as it was named then.
    reason_labels   TEXT    CHECK (json_valid(reason_labels)),
    description     TEXT,
    -- Pieces, for a scrap report.
    scrap           INTEGER NOT NULL DEFAULT 0 CHECK (scrap >= 0),
    -- Ids of its pictures, in order; a picture may follow later.
    image_ids       TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(image_ids)),
    kiosk_id        BLOB    REFERENCES kiosks (id),
    occurred_at     INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    changed_by      TEXT,
    version         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_open ON reports (occurred_at, id) WHERE state IN ('open', 'known', 'new');
CREATE INDEX reports_by_change ON reports (changed_at, id);
CREATE INDEX reports_by_time ON reports (occurred_at, id);
CREATE INDEX reports_of_session ON reports (session_id);
CREATE INDEX reports_of_reason ON reports (reason_id) WHERE reason_id IS NOT NULL;
CREATE INDEX reports_of_status_event ON reports (status_event_id) WHERE status_event_id IS NOT NULL;

-- Who moved a report from which state to which, when. Only ever added to.
CREATE TABLE report_changes (
    report_id BLOB    NOT NULL REFERENCES reports (id),
    version   INTEGER NOT NULL,
    state     TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    note      TEXT,
    at        INTEGER NOT NULL,
    PRIMARY KEY (report_id, version)
) STRICT, WITHOUT ROWID;

-- Which report names a picture: what `image_ids` says, found from the picture.
CREATE TABLE report_images (
    image_id  BLOB NOT NULL,
    report_id BLOB NOT NULL REFERENCES reports (id),
    PRIMARY KEY (image_id, report_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
    id         BLOB    PRIMARY KEY,
    report_id  BLOB    NOT NULL REFERENCES reports (id),
    -- Re-encoded, without metadata.
    content    BLOB    NOT NULL,
    media_type TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    -- SHA-256 of what was sent: the same again is a repeat.
    digest     BLOB    NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
-- With the id, so that what has arrived is known without a look at any picture.
CREATE INDEX images_of_report ON images (report_id, id);

-- ---------------------------------------------------------------------- approvals, calls, messages, checks

-- The first product of an item's step at a station. It holds until the next setup there, or 12 h.
CREATE TABLE approvals (
    id            BLOB    PRIMARY KEY,
    state         TEXT    NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'withdrawn')),
    station_id    BLOB    NOT NULL REFERENCES stations (id),
    station_code  TEXT    NOT NULL,
    station_name  TEXT    NOT NULL,
    session_id    BLOB    NOT NULL REFERENCES sessions (id),
    worker_id     BLOB    NOT NULL REFERENCES workers (id),
    worker_name   TEXT    NOT NULL,
    job_item_id   BLOB    NOT NULL REFERENCES job_items (id),
    job_item_name TEXT    NOT NULL,
    job_number    TEXT    NOT NULL,
    step_id       BLOB    NOT NULL REFERENCES job_steps (id),
    asked_at      INTEGER NOT NULL,
    seen_at       INTEGER,
    seen_by       TEXT,
    escalated_at  INTEGER,
    decided_at    INTEGER,
    decided_by    TEXT,
    note          TEXT,
    -- A setup at the station ended it.
    ended_at      INTEGER,
    version       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX approvals_one_pending ON approvals (step_id, station_id) WHERE state = 'pending';
CREATE INDEX approvals_of_step ON approvals (step_id, station_id, asked_at);
CREATE INDEX approvals_by_time ON approvals (asked_at, id);
-- What the watch raises.
CREATE INDEX approvals_unseen ON approvals (asked_at)
    WHERE state = 'pending' AND seen_at IS NULL AND escalated_at IS NULL;
CREATE INDEX approvals_in_force ON approvals (station_id) WHERE state = 'approved' AND ended_at IS NULL;

CREATE TABLE calls (
    id           BLOB    PRIMARY KEY,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'seen', 'done', 'cancelled')),
    station_id   BLOB    NOT NULL REFERENCES stations (id),
    station_code TEXT    NOT NULL,
    station_name TEXT    NOT NULL,
    session_id   BLOB    NOT NULL REFERENCES sessions (id),
    worker_id    BLOB    NOT NULL REFERENCES workers (id),
    worker_name  TEXT    NOT NULL,
    note         TEXT,
    made_at      INTEGER NOT NULL,
    seen_at      INTEGER,
    seen_by      TEXT,
    escalated_at INTEGER,
    ended_at     INTEGER,
    version      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX calls_unfinished ON calls (session_id) WHERE state IN ('open', 'seen');
CREATE INDEX calls_by_time ON calls (made_at, id);
CREATE INDEX calls_of_session ON calls (session_id, made_at);
-- What the watch raises.
CREATE INDEX calls_unseen ON calls (made_at) WHERE state = 'open' AND escalated_at IS NULL;

CREATE TABLE messages (
    id           BLOB    PRIMARY KEY,
    kiosk_id     BLOB    NOT NULL REFERENCES kiosks (id),
    text         TEXT    NOT NULL,
    sent_at      INTEGER NOT NULL,
    sent_by      TEXT    NOT NULL,
    shown_at     INTEGER,
    confirmed_at INTEGER,
    version      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_of_kiosk ON messages (kiosk_id, sent_at, id);
CREATE INDEX messages_by_time ON messages (sent_at, id);
CREATE INDEX messages_unconfirmed ON messages (kiosk_id, sent_at) WHERE confirmed_at IS NULL;

CREATE INDEX quarantine_by_time ON quarantine (at, id);
-- What stood against an entry that its kiosk parked, as JSON.
ALTER TABLE quarantine ADD COLUMN problem TEXT CHECK (problem IS NULL OR json_valid(problem));

-- What was answered, with the list as it was then. An owner who comes late with his end answers beside the one after him.
CREATE TABLE checklist_answers (
    session_id        BLOB    NOT NULL REFERENCES sessions (id),
    moment            TEXT    NOT NULL CHECK (moment IN ('start', 'end')),
    epoch             INTEGER NOT NULL DEFAULT 1,
    checklist_id      BLOB    NOT NULL REFERENCES checklists (id),
    checklist_version INTEGER NOT NULL,
    items             TEXT    NOT NULL CHECK (json_valid(items)),
    answers           TEXT    NOT NULL CHECK (json_valid(answers)),
    at                INTEGER NOT NULL,
    PRIMARY KEY (session_id, moment, epoch)
) STRICT, WITHOUT ROWID;

-- What is asked before a job, an item or a step is removed, and what the references are checked by then.
CREATE INDEX sessions_of_job ON sessions (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX sessions_of_item ON sessions (job_item_id) WHERE job_item_id IS NOT NULL;
CREATE INDEX sessions_of_step ON sessions (step_id) WHERE step_id IS NOT NULL;
CREATE INDEX status_events_of_step ON status_events (step_id) WHERE step_id IS NOT NULL;
CREATE INDEX quantity_ledger_of_item ON quantity_ledger (job_item_id) WHERE job_item_id IS NOT NULL;
CREATE INDEX reports_of_item ON reports (job_item_id) WHERE job_item_id IS NOT NULL;
CREATE INDEX approvals_of_item ON approvals (job_item_id);

-- ------------------------------------------------------------------------------------------- corrections

-- What was so, what is so now, who said it and why. Only ever added to.
CREATE TABLE amendments (
    id         BLOB    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    session_id BLOB    REFERENCES sessions (id),
    subject_id BLOB    NOT NULL,
    old        TEXT    NOT NULL CHECK (json_valid(old)),
    new        TEXT    NOT NULL CHECK (json_valid(new)),
    reason     TEXT    NOT NULL,
    actor      TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX amendments_of_session ON amendments (session_id);
CREATE INDEX amendments_by_time ON amendments (at, id);

-- ------------------------------------------------------------------------------- what may still be deleted
-- Whether history needs a thing is asked of each table that names it; without these all of history would be read,
-- in the one writer.

CREATE INDEX status_events_of_station ON status_events (station_id, started_at);
CREATE INDEX sessions_of_worker ON sessions (worker_id, started_at);
CREATE INDEX sessions_in_status ON sessions (current_status_id);
CREATE INDEX reports_of_station ON reports (station_id);
CREATE INDEX reports_of_worker ON reports (worker_id);
CREATE INDEX approvals_of_station ON approvals (station_id);
CREATE INDEX approvals_of_worker ON approvals (worker_id);
CREATE INDEX calls_of_station ON calls (station_id);
CREATE INDEX calls_of_worker ON calls (worker_id);
CREATE INDEX checklist_answers_of_list ON checklist_answers (checklist_id);

-- Rows of the earlier version get what they lack.
UPDATE status_events SET
    station_id = (SELECT s.station_id FROM sessions s WHERE s.id = status_events.session_id),
    time_class = (SELECT d.time_class FROM status_definitions d WHERE d.id = status_events.status_definition_id);
