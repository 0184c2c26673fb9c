//! Years of history from three weeks of it: what a demo floor remembers, copied further and further back in time by
//! plain SQL, until there are as many status events as wished.
//!
//! A copy is as true as its original: sessions that have ended, with their claims, stretches, entries, reports and all
//! that hangs on them, on jobs of its own that are archived; ids and times are moved by the same span, so that ids
//! still sort by time; ledger and balances agree. Nothing in a copy waits for anybody. Worker actions and the change
//! log are filled with rows as the server wrote them.
//!
//! Columns are taken as the database has them, so that a later migration needs no change here.

use anyhow::{Context, bail};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use std::path::Path;

/// From a copy to the one before it: three weeks and a day, in milliseconds.
const SPAN: i64 = 22 * 24 * 3_600_000;

/// What is copied, in an order in which each row finds what it names, and which of it.
const TABLES: [(&str, &str); 13] = [
    ("jobs", "id IN (SELECT job_id FROM job_items WHERE id IN (SELECT job_item_id FROM worked_on))"),
    ("job_items", "job_id IN (SELECT id FROM base_jobs)"),
    ("job_steps", "job_item_id IN (SELECT id FROM base_job_items)"),
    ("sessions", "status <> 'active'"),
    ("claims", "session_id IN (SELECT id FROM base_sessions)"),
    ("status_events", "session_id IN (SELECT id FROM base_sessions)"),
    ("quantity_ledger", "session_id IN (SELECT id FROM base_sessions)"),
    ("reports", "session_id IN (SELECT id FROM base_sessions)"),
    ("report_changes", "report_id IN (SELECT id FROM base_reports)"),
    ("approvals", "session_id IN (SELECT id FROM base_sessions) AND state <> 'pending'"),
    ("calls", "session_id IN (SELECT id FROM base_sessions) AND state NOT IN ('open', 'seen')"),
    ("checklist_answers", "session_id IN (SELECT id FROM base_sessions)"),
    ("amendments", "session_id IN (SELECT id FROM base_sessions)"),
];

/// Columns that name a row that is copied, or are its own id.
const NAMES_COPIED: [&str; 9] = [
    "id",
    "session_id",
    "status_event_id",
    "corrects_id",
    "report_id",
    "subject_id",
    "job_id",
    "job_item_id",
    "step_id",
];

/// What nobody waits for any more, years later.
const SETTLED: [&str; 5] = [
    "UPDATE base_reports SET state = CASE type WHEN 'malfunction' THEN 'solved' ELSE 'approved' END
     WHERE state IN ('open', 'known', 'new')",
    "UPDATE base_sessions SET count_missing = 0, provisional = 0",
    "UPDATE base_jobs SET archived_at = ifnull(archived_at, (SELECT max(ended_at) FROM base_sessions))",
    "UPDATE base_job_items SET archived_at = ifnull(archived_at, (SELECT max(ended_at) FROM base_sessions))",
    "UPDATE base_approvals SET ended_at = ifnull(ended_at, decided_at)",
];

/// What must not be: each gives the number of rows that disagree.
const DISAGREEMENTS: [(&str, &str); 3] = [
    (
        "steps whose balance is not the sum of its entries",
        "SELECT count(*) FROM (SELECT 1 FROM job_steps s LEFT JOIN quantity_ledger q ON q.step_id = s.id GROUP BY s.id
         HAVING s.good <> ifnull(sum(q.good), 0) OR s.scrap <> ifnull(sum(q.scrap), 0))",
    ),
    (
        "sessions whose totals are not the sum of their entries",
        "SELECT count(*) FROM (SELECT 1 FROM sessions s LEFT JOIN quantity_ledger q ON q.session_id = s.id
         GROUP BY s.id HAVING s.total_good <> ifnull(sum(q.good), 0) OR s.total_scrap <> ifnull(sum(q.scrap), 0))",
    ),
    ("rows that name nothing", "SELECT count(*) FROM pragma_foreign_key_check"),
];

/// How much there is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Status events, at least.
    pub(super) events: u64,
    /// Rows of the change log, about.
    pub(super) changes: u64,
}

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grown {
    pub(super) sessions: i64,
    pub(super) events: i64,
    pub(super) entries: i64,
    pub(super) reports: i64,
    pub(super) actions: i64,
    pub(super) changes: i64,
    /// Bytes of the file.
    pub(super) size: u64,
}

/// Makes the database of a server that is not running as large as wished.
pub(super) async fn grow(data: &Path, wanted: Wanted) -> anyhow::Result<Grown> {
    let file = data.join("millrace.db");
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .journal_mode(SqliteJournalMode::Wal)
        // Nothing is promised to anybody yet; what names what is checked once at the end.
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false)
        .pragma("cache_size", "-1000000")
        .pragma("temp_store", "memory");
    let mut conn = SqliteConnection::connect_with(&options).await.context("opening the server's database")?;
    let there = u64::try_from(number(&mut conn, "SELECT count(*) FROM status_events").await?)?;
    if there == 0 || number(&mut conn, "SELECT count(*) FROM sessions WHERE status = 'active'").await? > 0 {
        bail!("this floor has no history, or somebody works on it");
    }
    let copies = wanted.events.div_ceil(there).max(1) - 1;
    run(
        &mut conn,
        "CREATE TEMP VIEW worked_on AS SELECT job_item_id FROM status_events WHERE job_item_id IS NOT NULL \
         UNION SELECT job_item_id FROM quantity_ledger WHERE job_item_id IS NOT NULL \
         UNION SELECT job_item_id FROM sessions WHERE job_item_id IS NOT NULL",
    )
    .await?;
    let mut inserts = Vec::new();
    for (table, which) in TABLES {
        run(&mut conn, &format!("CREATE TEMP TABLE base_{table} AS SELECT * FROM {table} WHERE {which}")).await?;
        inserts.push((table, columns(&mut conn, table).await?));
    }
    for settled in SETTLED {
        run(&mut conn, settled).await?;
    }
    for copy in 1..=copies {
        let mut tx = conn.begin().await?;
        for (table, columns) in &inserts {
            run(&mut tx, &copied(table, columns, i64::try_from(copy)?)).await?;
        }
        tx.commit().await?;
    }
    acted(&mut conn).await?;
    logged(&mut conn, wanted.changes).await?;
    for (what, query) in DISAGREEMENTS {
        let wrong = number(&mut conn, query).await?;
        if wrong > 0 {
            bail!("the history that was made is not sound: {wrong} {what}");
        }
    }
    run(&mut conn, "PRAGMA wal_checkpoint(TRUNCATE)").await?;
    let mut grown = counted(&mut conn).await?;
    conn.close().await?;
    grown.size = std::fs::metadata(&file)?.len();
    Ok(grown)
}

/// The columns of a table, as they are now.
async fn columns(conn: &mut SqliteConnection, table: &str) -> anyhow::Result<Vec<String>> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info(?)").bind(table).fetch_all(conn).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The statement that adds a copy of a table's rows.
fn copied(table: &str, columns: &[String], copy: i64) -> String {
    let shift = copy * SPAN;
    let values: Vec<String> = columns
        .iter()
        .map(|column| {
            if NAMES_COPIED.contains(&column.as_str()) {
                // A UUIDv7 begins with its moment in 48 bits; JSON5 reads hexadecimal numbers.
                let moment = format!("('0x' || substr(hex({column}), 1, 12)) ->> '$'");
                let moved = format!("unhex(printf('%012x', ({moment}) - {shift}) || substr(hex({column}), 13))");
                format!("CASE WHEN {column} IS NOT NULL THEN {moved} END")
            } else if column == "job_number" || (table == "jobs" && column == "number") {
                format!("{column} || '-{copy}'")
            } else if column == "at" || column.ends_with("_at") || column == "reason_missing_from" {
                format!("{column} - {shift}")
            } else {
                column.clone()
            }
        })
        .collect();
    format!("INSERT INTO {table} ({}) SELECT {} FROM base_{table}", columns.join(", "), values.join(", "))
}

/// A worker action for each status event and each entry, shared among the kiosks in service, with answers that
/// the server gave.
async fn acted(conn: &mut SqliteConnection) -> anyhow::Result<()> {
    let [there, kiosks] = [
        "CREATE TEMP TABLE base_actions AS SELECT row_number() OVER () - 1 AS n, answer FROM actions",
        "CREATE TEMP TABLE base_kiosks AS SELECT id, last_seq FROM kiosks WHERE revoked_at IS NULL",
    ];
    run(conn, there).await?;
    run(conn, "CREATE UNIQUE INDEX temp.base_actions_n ON base_actions (n)").await?;
    run(conn, kiosks).await?;
    run(
        conn,
        "CREATE TEMP TABLE share AS SELECT
             ((SELECT count(*) FROM status_events) + (SELECT count(*) FROM quantity_ledger)) / count(*) AS each_one,
             (SELECT count(*) FROM base_actions) AS answers
         FROM base_kiosks",
    )
    .await?;
    run(
        conn,
        "INSERT INTO actions (kiosk_id, seq, digest, answer, at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, share WHERE i < each_one)
         SELECT k.id, k.last_seq + n.i, randomblob(32), a.answer, unixepoch() * 1000 - (each_one - n.i) * 60000
         FROM base_kiosks k CROSS JOIN share CROSS JOIN n CROSS JOIN base_actions a ON a.n = n.i % share.answers
         ORDER BY k.id, n.i",
    )
    .await?;
    run(
        conn,
        "UPDATE kiosks SET last_seq = last_seq + (SELECT each_one FROM share) WHERE id IN (SELECT id FROM base_kiosks)",
    )
    .await
}

/// The change log, repeated as a whole: what was told last of a row is still what it is.
async fn logged(conn: &mut SqliteConnection, wanted: u64) -> anyhow::Result<()> {
    let there = u64::try_from(number(conn, "SELECT count(*) FROM changes").await?)?;
    let times = wanted.checked_div(there).unwrap_or_default().saturating_sub(1);
    run(
        conn,
        &format!(
            "INSERT INTO changes (\"offset\", at, row)
             WITH RECURSIVE n (i) AS (SELECT 1 WHERE {times} > 0 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
             SELECT c.\"offset\" + n.i * (SELECT max(\"offset\") FROM changes), c.at, c.row
             FROM n CROSS JOIN changes c ORDER BY 1"
        ),
    )
    .await
}

async fn counted(conn: &mut SqliteConnection) -> anyhow::Result<Grown> {
    let mut counts = [0; 6];
    let tables = ["sessions", "status_events", "quantity_ledger", "reports", "actions", "changes"];
    for (count, table) in counts.iter_mut().zip(tables) {
        *count = number(conn, &format!("SELECT count(*) FROM {table}")).await?;
    }
    let [sessions, events, entries, reports, actions, changes] = counts;
    Ok(Grown { sessions, events, entries, reports, actions, changes, size: 0 })
}

async fn run(conn: &mut SqliteConnection, sql: &str) -> anyhow::Result<()> {
    // Only names of tables and columns and numbers are put in, and they come from here or from the schema.
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.with_context(|| sql.to_owned()).map(drop)
}

async fn number(conn: &mut SqliteConnection, sql: &str) -> anyhow::Result<i64> {
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(conn).await.with_context(|| sql.to_owned())?;
    Ok(row.try_get(0)?)
}
