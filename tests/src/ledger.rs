//! The books, recomputed: ledger = balances = session totals = item progress, and events without a gap.
//!
//! Plain SQL on a connection of its own, so that no code of ours agrees with itself. Figures that are stored twice are
//! compared row by row; those that are derived are compared with what the change log last told the streams.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};
use std::path::Path;

/// What must not be: each query returns the rows that disagree, the first column says which.
const DISAGREEMENTS: [(&str, &str); 13] = [
    (
        "an item that was produced is frozen",
        "SELECT DISTINCT hex(i.id) FROM job_items i JOIN status_events e ON e.job_item_id = i.id
         WHERE e.machine_state = 'production' AND i.frozen_at IS NULL",
    ),
    (
        "a step's balance is the sum of its entries",
        "SELECT hex(s.id), s.good, s.scrap, ifnull(sum(q.good), 0) AS g, ifnull(sum(q.scrap), 0) AS w
         FROM job_steps s LEFT JOIN quantity_ledger q ON q.step_id = s.id
         GROUP BY s.id HAVING s.good <> g OR s.scrap <> w",
    ),
    (
        "a session's totals are the sum of its entries",
        "SELECT hex(s.id), s.total_good, s.total_scrap, ifnull(sum(q.good), 0) AS g, ifnull(sum(q.scrap), 0) AS w
         FROM sessions s LEFT JOIN quantity_ledger q ON q.session_id = s.id
         GROUP BY s.id HAVING s.total_good <> g OR s.total_scrap <> w",
    ),
    (
        "an item's progress, as the streams were last told, is that of the ledger",
        "WITH told AS (
             SELECT max(\"offset\"), row, replace(json_extract(row, '$.new.id'), '-', '') AS id
             FROM changes WHERE json_extract(row, '$.table') = 'job_items' GROUP BY 3)
         SELECT hex(i.id) FROM job_items i JOIN told ON told.id = lower(hex(i.id))
         WHERE json_extract(told.row, '$.new.completedGood') <> (
                   SELECT ifnull(sum(q.good), 0) FROM quantity_ledger q
                   JOIN job_steps s ON s.id = q.step_id AND s.is_terminal WHERE s.job_item_id = i.id)
            OR json_extract(told.row, '$.new.completedScrap') <> (
                   SELECT ifnull(sum(q.scrap), 0) FROM quantity_ledger q
                   JOIN job_steps s ON s.id = q.step_id WHERE s.job_item_id = i.id)",
    ),
    (
        "an entry counts for a step of its own item",
        "SELECT hex(q.id) FROM quantity_ledger q JOIN job_steps s ON s.id = q.step_id
         WHERE s.job_item_id <> q.job_item_id",
    ),
    (
        "an entry belongs to a stretch of its own session",
        "SELECT hex(q.id) FROM quantity_ledger q JOIN status_events e ON e.id = q.status_event_id
         WHERE e.session_id <> q.session_id",
    ),
    (
        "pieces of a stretch count for the step it worked on, and for no other",
        "SELECT hex(e.id), hex(q.step_id), sum(q.good), sum(q.scrap)
         FROM quantity_ledger q JOIN status_events e ON e.id = q.status_event_id
         WHERE q.step_id IS NOT e.step_id
         GROUP BY e.id, q.step_id HAVING sum(q.good) <> 0 OR sum(q.scrap) <> 0",
    ),
    (
        "what was taken back is never more than what was counted",
        "SELECT hex(r.id) FROM quantity_ledger r LEFT JOIN quantity_ledger q ON q.corrects_id = r.id
         WHERE r.corrects_id IS NULL
         GROUP BY r.id HAVING r.good + ifnull(sum(q.good), 0) < 0 OR r.scrap + ifnull(sum(q.scrap), 0) < 0",
    ),
    (
        "a session's stretches follow each other without gap or overlap",
        "SELECT hex(session_id), started_at, ended_at, next_at FROM (
             SELECT session_id, started_at, ended_at,
                    lead(started_at) OVER (PARTITION BY session_id ORDER BY started_at, ended_at IS NULL, ended_at)
                        AS next_at
             FROM status_events WHERE NOT voided)
         WHERE next_at IS NOT NULL AND ended_at IS NOT next_at",
    ),
    (
        "a session begins and ends with its stretches",
        "SELECT hex(s.id), s.started_at, min(e.started_at), s.ended_at, max(ifnull(e.ended_at, 1e15))
         FROM sessions s JOIN status_events e ON e.session_id = s.id
         GROUP BY s.id
         HAVING s.started_at <> min(e.started_at) OR ifnull(s.ended_at, 1e15) <> max(ifnull(e.ended_at, 1e15))",
    ),
    (
        "an open session mirrors its open stretch",
        "SELECT hex(s.id) FROM sessions s LEFT JOIN status_events e ON e.session_id = s.id AND e.ended_at IS NULL
         WHERE s.status = 'active' AND (e.id IS NULL OR s.current_status_id IS NOT e.status_definition_id
             OR s.step_id IS NOT e.step_id OR s.job_item_id IS NOT e.job_item_id
             OR s.last_status_change_at > e.started_at)",
    ),
    (
        "an ended session has no open stretch and no lease",
        "SELECT hex(s.id) FROM sessions s WHERE s.status <> 'active' AND (
             EXISTS (SELECT 1 FROM status_events e WHERE e.session_id = s.id AND e.ended_at IS NULL)
             OR EXISTS (SELECT 1 FROM leases l WHERE l.session_id = s.id))",
    ),
    (
        "a session is as the streams were last told",
        "WITH told AS (
             SELECT max(\"offset\"), row, replace(json_extract(row, '$.new.id'), '-', '') AS id
             FROM changes WHERE json_extract(row, '$.table') = 'sessions' GROUP BY 3)
         SELECT hex(s.id) FROM sessions s JOIN told ON told.id = lower(hex(s.id))
         WHERE s.version <> json_extract(told.row, '$.new.version')
            OR s.total_good <> json_extract(told.row, '$.new.totals.good')
            OR s.total_scrap <> json_extract(told.row, '$.new.totals.scrap')
            OR s.worker_code <> json_extract(told.row, '$.new.workerCode')",
    ),
];

/// Recomputes everything that is counted twice, and fails with every disagreement.
///
/// # Panics
/// Where figures disagree, or the database can't be read.
pub async fn agrees(database: &Path) {
    let found = disagreements(database).await;
    assert!(found.is_empty(), "the books disagree:\n{}", found.join("\n"));
}

/// Every disagreement, in words; none where all agrees.
///
/// # Panics
/// When the database can't be read.
pub async fn disagreements(database: &Path) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    // One transaction, so that all queries see one moment.
    let mut tx = connection.begin().await.expect("a moment to look at");
    let mut found = Vec::new();
    for (rule, query) in DISAGREEMENTS {
        for row in sqlx::query(query).fetch_all(&mut *tx).await.unwrap_or_else(|error| panic!("{rule}: {error}")) {
            found.push(format!("- not so: {rule}; see {}", row.get::<String, _>(0)));
        }
    }
    found
}
