-- What every plant has from its first start on, and what lists that ask for a part of history are found by.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z, ids are UUIDv7 as 16 bytes.

-- ------------------------------------------------------------------------------------ the four protected statuses
-- A session begins in `stop`; the others are what rules name. They are found by key, so a plant that has one keeps its
-- own id, labels and colour.

INSERT INTO status_definitions (
    id, station_id, key, labels, color, machine_state, time_class, reason_wanted, report_type, protected, position
) VALUES
    (
        x'019b76daa80070008000000000000001', NULL, 'production',
        '{"ar":"إنتاج","en":"Production","he":"ייצור","ru":"Производство"}',
        '#1B7A3D', 'production', 'production', 'never', 'none', 1, 0
    ),
    (
        x'019b76daa80070008000000000000002', NULL, 'stop',
        '{"ar":"توقّف","en":"Stop","he":"עצירה","ru":"Остановка"}',
        '#F5B301', 'stoppage', 'unplannedStop', 'later', 'none', 1, 1
    ),
    (
        x'019b76daa80070008000000000000003', NULL, 'malfunction',
        '{"ar":"عطل","en":"Malfunction","he":"תקלה","ru":"Неисправность"}',
        '#C62828', 'stoppage', 'unplannedStop', 'never', 'malfunction', 1, 2
    ),
    (
        x'019b76daa80070008000000000000004', NULL, 'other',
        '{"ar":"أخرى","en":"Other","he":"אחר","ru":"Другое"}',
        '#5B6470', 'stoppage', 'unplannedStop', 'never', 'none', 1, 3
    )
ON CONFLICT (key) WHERE station_id IS NULL DO NOTHING;

-- What the rules say of them holds for those that were there before.
UPDATE status_definitions
SET protected = 1, active = 1, version = version + 1
WHERE station_id IS NULL
    AND key IN ('production', 'stop', 'malfunction', 'other')
    AND (protected = 0 OR active = 0);
UPDATE status_definitions
SET reason_wanted = 'later', version = version + 1
WHERE station_id IS NULL AND key = 'stop' AND reason_wanted <> 'later';

-- --------------------------------------------------------------------------------------- parts of history, by time
-- A list that asks for one station, one worker, one state or one type is a page of that, and no walk through the rest.

CREATE INDEX sessions_of_station_by_start ON sessions (station_id, started_at);
CREATE INDEX sessions_by_status ON sessions (status, started_at);
DROP INDEX reports_of_station;
CREATE INDEX reports_of_station ON reports (station_id, occurred_at);
CREATE INDEX reports_by_state ON reports (state, occurred_at);
CREATE INDEX reports_by_type ON reports (type, occurred_at);
CREATE INDEX approvals_by_state ON approvals (state, asked_at);
CREATE INDEX calls_by_state ON calls (state, made_at);
