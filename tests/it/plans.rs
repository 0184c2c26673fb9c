//! How SQLite means to find what each query asks for: by an index, and never by reading through all of history.
//!
//! Every query of the crate is looked at, so that a new one is looked at, too.

use millrace_tests::generated::repository;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};

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

/// The steps of a plan that read a table of history from end to end.
fn scans(plan: &[String], limited: bool) -> Vec<String> {
    let reads_all = |step: &&String| {
        let mut words = step.split_whitespace();
        if words.next() != Some("SCAN") {
            return false;
        }
        let table = words.next().unwrap_or_default();
        // By an index and with a limit it is a page; by a partial index it is only what is unfinished.
        let by_index = step.contains("USING INDEX") || step.contains("USING COVERING INDEX");
        HISTORY.contains(&table) && !(by_index && (limited || unfinished(step)))
    };
    plan.iter().filter(reads_all).cloned().collect()
}

/// Indexes that hold no more than what is going on.
fn unfinished(step: &str) -> bool {
    [
        "jobs_in_work",
        "sessions_one_per_station",
        "sessions_active_of_worker",
        "sessions_count_missing",
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
        let explained = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(explained)).fetch_all(&mut connection).await;
        let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}"));
        let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
        let found = scans(&plan, sql.to_uppercase().contains("LIMIT"));
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
        let explained = format!("EXPLAIN QUERY PLAN {sql}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(explained)).fetch_all(&mut connection).await.expect("explains");
        let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
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

#[tokio::test]
async fn a_query_that_reads_through_history_is_found() {
    let (_folder, mut connection) = empty().await;
    let sql = "EXPLAIN QUERY PLAN SELECT count(*) FROM status_events WHERE note = 'x'";
    let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("explains");
    let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
    assert_eq!(scans(&plan, false).len(), 1, "{plan:?}");
}
