//! The past of the demo floor, as plain SQL sees it in the database of a real server.

use super::{Stand, board, station};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::{count, try_run};
use std::path::PathBuf;

/// What must be nowhere: the name of the fault, and how many rows have it.
const FAULTS: [(&str, &str); 19] = [
    ("a broken reference", "SELECT COUNT(*) FROM pragma_foreign_key_check"),
    ("a change record", "SELECT COUNT(*) FROM changes"),
    ("an open session", "SELECT COUNT(*) FROM sessions WHERE status = 'active'"),
    ("an open stretch", "SELECT COUNT(*) FROM status_events WHERE ended_at IS NULL OR ended_at = started_at"),
    ("a lease", "SELECT COUNT(*) FROM leases"),
    (
        "a hole or an overlap inside a session",
        "SELECT COUNT(*) FROM (SELECT started_at, LAG(ended_at) OVER (PARTITION BY session_id ORDER BY started_at) AS before
         FROM status_events) WHERE before <> started_at",
    ),
    (
        "a session that its stretches don't cover",
        "SELECT COUNT(*) FROM sessions s WHERE s.started_at <> (SELECT MIN(started_at) FROM status_events WHERE session_id = s.id)
         OR s.ended_at <> (SELECT MAX(ended_at) FROM status_events WHERE session_id = s.id)",
    ),
    (
        "two sessions at one station",
        "SELECT COUNT(*) FROM (SELECT started_at, LAG(ended_at) OVER (PARTITION BY station_id ORDER BY started_at) AS before
         FROM sessions) WHERE before > started_at",
    ),
    (
        "two sessions of one worker",
        "SELECT COUNT(*) FROM (SELECT started_at, LAG(ended_at) OVER (PARTITION BY worker_id ORDER BY started_at) AS before
         FROM sessions) WHERE before > started_at",
    ),
    (
        "work at a weekend",
        "SELECT COUNT(*) FROM status_events WHERE strftime('%w', started_at / 1000, 'unixepoch') IN ('0', '6')
         OR strftime('%w', (ended_at - 1) / 1000, 'unixepoch') IN ('0', '6')",
    ),
    (
        "a balance that the ledger does not say",
        "SELECT COUNT(*) FROM job_steps s WHERE (s.good, s.scrap) <> (SELECT COALESCE(SUM(good), 0), COALESCE(SUM(scrap), 0)
         FROM quantity_ledger WHERE step_id = s.id)",
    ),
    (
        "a total that the ledger does not say",
        "SELECT COUNT(*) FROM sessions s WHERE (s.total_good, s.total_scrap) <>
         (SELECT COALESCE(SUM(good), 0), COALESCE(SUM(scrap), 0) FROM quantity_ledger WHERE session_id = s.id)",
    ),
    (
        "a session that does not show its last status and item",
        "SELECT COUNT(*) FROM sessions s JOIN status_events e ON e.session_id = s.id AND e.ended_at = s.ended_at
         WHERE s.current_status_id <> e.status_definition_id OR s.last_status_change_at <> e.started_at
         OR s.current_status <> e.status OR s.job_item_id IS NOT e.job_item_id OR s.step_id IS NOT e.step_id",
    ),
    (
        "production without an item, or at another station than its step's",
        "SELECT COUNT(*) FROM status_events e LEFT JOIN job_steps s ON s.id = e.step_id
         WHERE e.machine_state = 'production' AND (s.id IS NULL OR s.station_id <> e.station_id)",
    ),
    (
        "steps that are frozen without production, or not frozen with it",
        "SELECT COUNT(*) FROM job_items i WHERE i.frozen_at IS NOT
         (SELECT MIN(started_at) FROM status_events WHERE job_item_id = i.id AND machine_state = 'production')",
    ),
    (
        "scrap without its reason or its report",
        "SELECT COUNT(*) FROM quantity_ledger l WHERE l.scrap > 0 AND (l.scrap_reason_id IS NULL OR NOT EXISTS
         (SELECT 1 FROM reports r WHERE r.session_id = l.session_id AND r.type = 'scrap' AND r.scrap = l.scrap
          AND r.occurred_at = l.occurred_at))",
    ),
    (
        "a status without the report it wants",
        "SELECT COUNT(*) FROM status_events e JOIN status_definitions d ON d.id = e.status_definition_id
         WHERE d.report_type <> 'none' AND NOT EXISTS
         (SELECT 1 FROM reports r WHERE r.status_event_id = e.id AND r.type = d.report_type)",
    ),
    (
        "a report that stands elsewhere than its last change, or in a state it could not have come to",
        "SELECT COUNT(*) FROM reports r WHERE r.state <>
         (SELECT state FROM report_changes WHERE report_id = r.id AND version = r.version)
         OR r.version <> (SELECT COUNT(*) FROM report_changes WHERE report_id = r.id)
         OR r.state <> 'withdrawn' AND (r.type = 'malfunction') = (r.state IN ('new', 'approved'))",
    ),
    (
        "a stretch outside the time of its epoch",
        "SELECT COUNT(*) FROM status_events e LEFT JOIN claims c ON c.session_id = e.session_id AND c.epoch = e.epoch
         WHERE c.from_at IS NULL OR e.started_at < c.from_at OR e.ended_at > COALESCE(c.until_at, e.ended_at)",
    ),
];

/// What there has to be: a name, how many, and from where to where that may lie.
const SIGHTS: [(&str, &str, std::ops::RangeInclusive<i64>); 22] = [
    ("stretches", "SELECT COUNT(*) FROM status_events", 20_000..=30_000),
    ("days of work", "SELECT COUNT(DISTINCT date(started_at / 1000, 'unixepoch')) FROM sessions", 14..=15),
    (
        "the least available station, %",
        "SELECT MIN(share) FROM (SELECT SUM(IIF(time_class = 'production', ended_at - started_at, 0)) * 100 /
         SUM(IIF(time_class = 'plannedStop', 0, ended_at - started_at)) AS share FROM status_events GROUP BY station_id)",
        55..=85,
    ),
    (
        "the most available station, %",
        "SELECT MAX(share) FROM (SELECT SUM(IIF(time_class = 'production', ended_at - started_at, 0)) * 100 /
         SUM(IIF(time_class = 'plannedStop', 0, ended_at - started_at)) AS share FROM status_events GROUP BY station_id)",
        55..=85,
    ),
    ("stations with a past", "SELECT COUNT(DISTINCT station_id) FROM sessions", 24..=24),
    (
        "three reasons' part of all explained stop minutes, %",
        "SELECT SUM(spent) * 100 / (SELECT SUM(ended_at - started_at) FROM status_events WHERE reason_id IS NOT NULL)
         FROM (SELECT SUM(ended_at - started_at) AS spent FROM status_events WHERE reason_id IS NOT NULL
         GROUP BY reason_id ORDER BY spent DESC LIMIT 3)",
        60..=80,
    ),
    (
        "and of all stop minutes that were not planned, %",
        "SELECT SUM(spent) * 100 / (SELECT SUM(ended_at - started_at) FROM status_events WHERE time_class = 'unplannedStop')
         FROM (SELECT SUM(ended_at - started_at) AS spent FROM status_events WHERE reason_id IS NOT NULL
         GROUP BY reason_id ORDER BY spent DESC LIMIT 3)",
        60..=80,
    ),
    (
        "minor stops that nobody explained",
        "SELECT COUNT(*) FROM status_events WHERE time_class = 'unplannedStop' AND reason_id IS NULL
         AND ended_at - started_at < 180000",
        1_000..=10_000,
    ),
    ("setups", "SELECT COUNT(*) FROM status_events WHERE machine_state = 'setup'", 200..=2_000),
    ("ways in which sessions end", "SELECT COUNT(DISTINCT close_reason) FROM sessions", 6..=6),
    ("states of reports", "SELECT COUNT(DISTINCT type || state) FROM reports", 8..=8),
    (
        "the age of the oldest open malfunction, days",
        "SELECT (unixepoch() - MIN(occurred_at) / 1000) / 86400 FROM reports WHERE type = 'malfunction' AND state = 'open'",
        12..=16,
    ),
    ("approvals and refusals", "SELECT COUNT(DISTINCT state) FROM approvals", 2..=2),
    ("calls that were seen to", "SELECT COUNT(*) FROM calls WHERE state IN ('seen', 'done')", 10..=100),
    ("sessions with a count missing", "SELECT COUNT(*) FROM sessions WHERE count_missing", 3..=40),
    (
        "corrected counts with their amendment",
        "SELECT COUNT(*) FROM amendments a JOIN quantity_ledger l ON l.corrects_id = a.subject_id AND l.kind = 'correction'",
        1..=9,
    ),
    ("quarantined actions", "SELECT COUNT(*) FROM quarantine q JOIN sessions s ON s.id = q.session_id", 1..=1),
    ("items closed short", "SELECT COUNT(*) FROM job_items WHERE closed_short_at IS NOT NULL", 1..=1),
    (
        "items of several steps in work",
        "SELECT COUNT(*) FROM job_items i JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
         WHERE i.frozen_at IS NOT NULL AND t.position > 1 AND t.good < i.planned_quantity AND i.closed_short_at IS NULL",
        3..=60,
    ),
    (
        "items that are done",
        "SELECT COUNT(*) FROM job_items i JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
         WHERE t.good >= i.planned_quantity",
        50..=300,
    ),
    ("answered checklists", "SELECT COUNT(*) FROM checklist_answers", 10..=60),
    ("takeovers", "SELECT COUNT(*) FROM claims WHERE epoch = 2", 3..=30),
];

/// The promises about stations, which hold with a past and without one.
const PROMISES: [(&str, &str, i64); 4] = [
    ("stations", "SELECT COUNT(*) FROM stations", 24),
    (
        "stations of kiosks with a checklist",
        "SELECT COUNT(*) FROM kiosks k JOIN stations s ON s.id = k.station_id WHERE k.revoked_at IS NULL
         AND COALESCE(s.start_checklist_id, s.end_checklist_id) IS NOT NULL",
        0,
    ),
    (
        "stations with both checklists",
        "SELECT COUNT(*) FROM stations WHERE start_checklist_id IS NOT NULL AND end_checklist_id IS NOT NULL",
        1,
    ),
    (
        "stations with open work that wants no approval",
        "SELECT COUNT(DISTINCT s.station_id) FROM job_steps s JOIN job_items i ON i.id = s.job_item_id JOIN jobs j ON j.id = i.job_id
         JOIN job_steps t ON t.job_item_id = i.id AND t.is_terminal
         WHERE NOT s.first_product_approval AND t.good < i.planned_quantity
         AND COALESCE(i.archived_at, i.closed_short_at, j.archived_at) IS NULL",
        24,
    ),
];

fn database(server: &TestServer) -> PathBuf {
    server.data_dir().join("millrace.db")
}

/// One number for all that happened; the order of rows does not matter.
async fn print(server: &TestServer) -> (i64, i64, i64) {
    let sum = |of: &str| format!("SELECT SUM({of}) FROM status_events");
    (
        count(&database(server), &sum("started_at % 1000003 * ((ended_at - started_at) % 1000003) % 1000003")).await,
        count(&database(server), &sum("unicode(substr(hex(id), 31)) * (started_at % 1000003)")).await,
        count(&database(server), "SELECT SUM(good * (occurred_at % 1000003)) FROM quantity_ledger").await,
    )
}

#[tokio::test]
async fn the_demo_floor_has_three_weeks_behind_it_in_which_every_rule_was_kept() {
    let server = TestServer::demo(&["--history", "weeks"]);
    let log = server.log();
    let said = log.split("took_ms=").nth(1).and_then(|rest| rest.split_whitespace().next()).map(str::parse::<u64>);
    let took = said.expect("the server says how long it took").expect("milliseconds");
    // Two seconds for the program that people run; the unoptimised one gets ten times that, on whatever machine.
    let limit = if cfg!(debug_assertions) { 20_000 } else { 2_000 };
    assert!(took <= limit, "the floor was made in {took} ms; its log:\n{log}");
    let database = database(&server);
    for (fault, query) in FAULTS {
        assert_eq!(count(&database, query).await, 0, "{fault}");
    }
    for (sight, query, wanted) in SIGHTS {
        let found = count(&database, query).await;
        assert!(wanted.contains(&found), "{sight}: {found} is not in {wanted:?}");
    }
    for (promise, query, wanted) in PROMISES {
        assert_eq!(count(&database, query).await, wanted, "{promise}");
    }

    // What is told again is the same, and it is told once only.
    let before = print(&server).await;
    assert_eq!(print(&TestServer::demo(&["--history", "weeks"])).await, before);
    let server = TestServer::demo_in(server.kill9(), &["--history", "weeks"]);
    assert_eq!(print(&server).await, before);

    // None of it is changed or taken out by anybody, whatever he sends to the database.
    for table in ["quantity_ledger", "amendments", "audit_log", "report_changes", "checklist_answers"] {
        for statement in [format!("UPDATE {table} SET at = 0"), format!("DELETE FROM {table}")] {
            let statement = statement.replace("quantity_ledger SET at", "quantity_ledger SET good");
            let refused = try_run(&database, &statement).await;
            assert!(refused.is_err_and(|error| error.to_string().contains("only added to")), "{statement}");
        }
    }

    // Today begins with nobody there, and goes on as on any floor.
    let admin = Caller::admin(&server).await;
    assert!(board(&server, &admin).await.is_empty());
    let mut stand = Stand::open(&server, 0).await;
    drop(stand.enter("setup").await.ok());
    assert_eq!(board(&server, &admin).await[0]["stationId"], station(&server, 0));
    drop(stand.end().await.ok());
    assert!(board(&server, &admin).await.is_empty());
}

#[tokio::test]
async fn without_a_past_there_is_work_all_the_same() {
    let server = TestServer::demo(&["--kiosks", "3"]);
    assert_eq!(count(&database(&server), "SELECT COUNT(*) FROM sessions").await, 0);
    for (promise, query, wanted) in PROMISES {
        assert_eq!(count(&database(&server), query).await, wanted, "{promise}");
    }
    let server = TestServer::demo_in(server.kill9(), &["--kiosks", "60", "--history", "weeks"]);
    assert_eq!(
        count(&database(&server), "SELECT COUNT(*) FROM sessions").await,
        0,
        "a past is made at the first start only"
    );
    let at_work = PROMISES[3].1;
    assert_eq!(count(&database(&server), at_work).await, 61);
}
