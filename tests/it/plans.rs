//! How SQLite means to find what each query asks for: by an index, and never by reading through all of history.
//!
//! Every query of the crate is looked at, so that a new one is looked at, too.

use millrace_tests::generated::repository;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::BTreeMap;

/// Tables that grow for ever.
const HISTORY: [&str; 17] = [
    "jobs",
    "job_items",
    "job_steps",
    "sessions",
    "status_events",
    "quantity_ledger",
    "reports",
    "report_changes",
    "images",
    "approvals",
    "calls",
    "actions",
    "amendments",
    "changes",
    "checklist_answers",
    "claims",
    "audit_log",
];

/// What may read through history, by the beginning of its name, and why.
const MAY_SCAN: [(&str, &str); 2] = [
    ("change_aged", "reads the log from its beginning by its primary key, as far as its limit says"),
    ("history_", "tells the demo's past, once, into tables that are empty"),
];

/// Queries that ask for what is going on, or for the last few of a kind.
const OPEN: [&str; 6] = [
    "sessions_of_worker",
    "session_of_station",
    "sessions_active",
    "sessions_ended",
    "job_steps_open",
    "approvals_in_force",
];

/// Lists of a part of history, and the index that holds that part in order.
const PARTS: [(&str, &str); 8] = [
    ("approvals_in_state", "approvals_by_state (state=? AND"),
    ("calls_in_state", "calls_by_state (state=? AND"),
    ("reports_at_station", "reports_of_station (station_id=? AND"),
    ("reports_in_state", "reports_by_state (state=? AND"),
    ("reports_of_type", "reports_by_type (type=? AND"),
    ("sessions_at_station", "sessions_of_station_by_start (station_id=? AND"),
    ("sessions_by_worker", "sessions_of_worker (worker_id=? AND"),
    ("sessions_in_state", "sessions_by_status (status=? AND"),
];

async fn empty() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteConnectOptions::new().filename(folder.path().join("plans.db")).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("opens");
    let mut migrations: Vec<_> = std::fs::read_dir(repository().join("migrations/sqlite"))
        .expect("migrations")
        .map(|e| e.unwrap().path())
        .collect();
    migrations.sort();
    for migration in migrations {
        let sql = std::fs::read_to_string(migration).expect("reads");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.expect("runs from empty");
    }
    (folder, connection)
}

/// What a query calls its tables: a plan names a table as the query does.
fn aliases(sql: &str) -> BTreeMap<String, String> {
    let without_notes: String =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = without_notes
        .split(|c: char| !(c.is_alphanumeric() || "_\".,();".contains(c)))
        .filter(|w| !w.is_empty())
        .collect();
    let mut named = BTreeMap::new();
    for (n, word) in words.iter().enumerate() {
        if !(word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join")) {
            continue;
        }
        // `from a, b c` as well as `join a as b`.
        let mut rest = words[n + 1..].iter();
        while let Some(table) = rest.next() {
            let more = table.ends_with(',');
            let table = table.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_')).to_owned();
            if more {
                continue;
            }
            let mut alias = rest.next().copied().unwrap_or_default();
            if alias.eq_ignore_ascii_case("as") {
                alias = rest.next().copied().unwrap_or_default();
            }
            let more = alias.ends_with(',');
            let alias = alias.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
            named.insert(alias.to_owned(), table);
            if !more {
                break;
            }
        }
    }
    named
}

/// The steps of a plan that read a table of history from end to end.
fn scans(plan: &[String], sql: &str) -> Vec<String> {
    let (named, limited) = (aliases(sql), sql.to_uppercase().contains("LIMIT"));
    let reads_all = |step: &&String| {
        let mut words = step.split_whitespace();
        if words.next() != Some("SCAN") {
            return false;
        }
        let table = words.next().unwrap_or_default();
        let table = named.get(table).map_or(table, String::as_str);
        // By an index and with a limit it is a page; by a partial index it is only what is unfinished.
        let by_index = step.contains("USING INDEX") || step.contains("USING COVERING INDEX");
        HISTORY.contains(&table) && !(by_index && (limited || unfinished(step)))
    };
    plan.iter().filter(reads_all).cloned().collect()
}

/// How SQLite means to do a query.
async fn plan_of(connection: &mut SqliteConnection, name: &str, sql: &str) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {sql}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(explained)).fetch_all(connection).await;
    let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}"));
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// Indexes that hold no more than what is going on.
fn unfinished(step: &str) -> bool {
    [
        "jobs_in_work",
        "sessions_one_per_station",
        "sessions_active_of_worker",
        "sessions_count_missing",
        "sessions_provisional",
        "status_events_one_open",
        "reports_open",
        "approvals_one_pending",
        "approvals_in_force",
        "calls_unfinished",
        "messages_unconfirmed",
    ]
    .iter()
    .any(|index| step.contains(index))
}

#[tokio::test]
async fn no_query_reads_through_history() {
    let (_folder, mut connection) = empty().await;
    let folder = repository().join("crates/sqlite/queries");
    let mut queries: Vec<_> = std::fs::read_dir(folder).expect("queries").map(|entry| entry.unwrap().path()).collect();
    queries.sort();
    assert!(queries.len() > 80, "{} queries", queries.len());
    let mut wrong = vec![];
    for path in queries {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let sql = std::fs::read_to_string(&path).expect("reads");
        let plan = plan_of(&mut connection, &name, &sql).await;
        let found = scans(&plan, &sql);
        if !found.is_empty() && !MAY_SCAN.iter().any(|(allowed, _)| name.starts_with(allowed)) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "these read through history:\n{}", wrong.join("\n"));
}

/// A search can be as long as a scan: by an index that also holds what is over, one finds all that a worker or a
/// station ever did.
#[tokio::test]
async fn what_is_going_on_is_found_without_what_is_over() {
    let (_folder, mut connection) = empty().await;
    let folder = repository().join("crates/sqlite/queries");
    for name in OPEN {
        let sql = std::fs::read_to_string(folder.join(format!("{name}.sql"))).expect("reads");
        let plan = plan_of(&mut connection, name, &sql).await;
        let found = |step: &String| {
            let limited = step.contains("ended_at>?");
            let one = step.contains("PRIMARY KEY") || step.contains("stations") || step.contains("job_item_id=?");
            let by_parent = step.contains("job_items_of_job");
            let touches = ["sessions", "job_steps", "job_items", "jobs", "ended", "approvals"]
                .iter()
                .any(|table| step.split_whitespace().nth(1) == Some(table));
            !touches || unfinished(step) || limited || one || by_parent
        };
        assert!(plan.iter().all(found), "{name}: {plan:?}");
    }
}

/// A list that asks for a part of history is found by that part, and does not walk through the rest for a page of it.
#[tokio::test]
async fn a_part_of_history_is_found_by_its_own_index() {
    let (_folder, mut connection) = empty().await;
    let folder = repository().join("crates/sqlite/queries");
    for (name, by) in PARTS {
        let sql = std::fs::read_to_string(folder.join(format!("{name}.sql"))).expect("reads");
        let plan = plan_of(&mut connection, name, &sql).await;
        assert!(plan.iter().any(|step| step.starts_with("SEARCH") && step.contains(by)), "{name}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{name} is sorted as a whole: {plan:?}");
    }
}

#[tokio::test]
async fn a_query_that_reads_through_history_is_found_whatever_it_calls_the_table() {
    let (_folder, mut connection) = empty().await;
    for sql in [
        "SELECT count(*) FROM status_events WHERE note = 'x'",
        "SELECT count(*) FROM status_events e WHERE e.note = 'x'",
        "SELECT count(*) FROM sessions AS s JOIN reports r ON r.description = s.worker_name",
        "SELECT count(*) FROM areas, status_events AS e WHERE e.note = areas.name",
        "SELECT (SELECT count(*) FROM calls\n  c -- of all\n WHERE c.note = 'x')",
    ] {
        let plan = plan_of(&mut connection, "wrong", sql).await;
        assert!(!scans(&plan, sql).is_empty(), "{sql}: {plan:?}");
    }
}
