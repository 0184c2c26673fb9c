-- What is only ever added to, and what a worker had before him when he answered.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDv7 as 16 bytes.

-- ------------------------------------------------------------------------------------------- versions of checklists
-- A kiosk without the server asks the version it has. However a list is changed, what it was is kept.

CREATE TABLE checklist_versions (
    checklist_id BLOB    NOT NULL REFERENCES checklists (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL,
    items        TEXT    NOT NULL CHECK (json_valid(items)),
    PRIMARY KEY (checklist_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO checklist_versions (checklist_id, version, items) SELECT id, version, items FROM checklists;
CREATE TRIGGER checklists_begin_with_a_version AFTER INSERT ON checklists
BEGIN INSERT INTO checklist_versions (checklist_id, version, items) VALUES (new.id, new.version, new.items); END;
CREATE TRIGGER checklists_keep_their_versions AFTER UPDATE OF version ON checklists
BEGIN INSERT INTO checklist_versions (checklist_id, version, items) VALUES (new.id, new.version, new.items); END;

-- Whoever ends a session that came back answers anew, under the same epoch: both answers stay.
CREATE TABLE answered (
    session_id        BLOB    NOT NULL REFERENCES sessions (id),
    moment            TEXT    NOT NULL CHECK (moment IN ('start', 'end')),
    epoch             INTEGER NOT NULL DEFAULT 1,
    checklist_id      BLOB    NOT NULL REFERENCES checklists (id),
    checklist_version INTEGER NOT NULL,
    items             TEXT    NOT NULL CHECK (json_valid(items)),
    answers           TEXT    NOT NULL CHECK (json_valid(answers)),
    at                INTEGER NOT NULL
) STRICT;
INSERT INTO answered (session_id, moment, epoch, checklist_id, checklist_version, items, answers, at)
SELECT session_id, moment, epoch, checklist_id, checklist_version, items, answers, at
FROM checklist_answers
ORDER BY session_id, at, epoch;
DROP TABLE checklist_answers;
ALTER TABLE answered RENAME TO checklist_answers;
CREATE INDEX checklist_answers_of_session ON checklist_answers (session_id, at);
CREATE INDEX checklist_answers_of_list ON checklist_answers (checklist_id);

-- A session that comes back asks again for what its end took back.
CREATE INDEX approvals_taken_back ON approvals (session_id, ended_at) WHERE state = 'withdrawn';

-- ------------------------------------------------------------------------------------------------------ only added to

CREATE TRIGGER checklist_answers_are_not_changed BEFORE UPDATE ON checklist_answers
BEGIN SELECT RAISE(ABORT, 'answers are only added to'); END;
CREATE TRIGGER checklist_answers_are_not_deleted BEFORE DELETE ON checklist_answers
BEGIN SELECT RAISE(ABORT, 'answers are only added to'); END;
CREATE TRIGGER amendments_are_not_changed BEFORE UPDATE ON amendments
BEGIN SELECT RAISE(ABORT, 'amendments are only added to'); END;
CREATE TRIGGER amendments_are_not_deleted BEFORE DELETE ON amendments
BEGIN SELECT RAISE(ABORT, 'amendments are only added to'); END;
CREATE TRIGGER report_changes_are_not_changed BEFORE UPDATE ON report_changes
BEGIN SELECT RAISE(ABORT, 'the past of a report is only added to'); END;
CREATE TRIGGER report_changes_are_not_deleted BEFORE DELETE ON report_changes
BEGIN SELECT RAISE(ABORT, 'the past of a report is only added to'); END;
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
