//! `docs/SPECIFICATION.md` against the specification and against the tree: every item of the
//! specification has a row, and every file and test that a row names is there.
//!
//! It does not judge whether a row is right; the tests that the rows name do.

use millrace_tests::generated::repository;
use std::collections::BTreeMap;

/// What the specification asks for, by its own names, in its own order.
const ITEMS: &[&str] = &[
    // 1. Overview
    "SSE streams, server to client",
    "Heartbeat, client to server",
    "Supabase Realtime, server to client",
    "BroadcastChannel, client to client",
    // 2. SSE streams
    "GET /api/admin/dashboard/active-sessions/stream",
    "active sessions: initial { sessions }",
    "active sessions: insert { session }",
    "active sessions: update { session }",
    "active sessions: delete { sessionId }",
    "active sessions: heartbeat {}",
    "GET /api/admin/dashboard/session/[id]/stream",
    "session detail: initial { session, statusEvents }",
    "session detail: session_update { session }",
    "session detail: status_event { statusEvent }",
    "session detail: heartbeat {}",
    "GET /api/admin/reports/stream?type=malfunction",
    "reports: initial { reports }",
    "reports: insert { report }",
    "reports: update { report }",
    "reports: heartbeat {}",
    "GET /api/sessions/pipeline/stream?jobId=X&workerId=Y",
    "pipeline: initial { jobItems, stationOptions }",
    "pipeline: update { stationOptions }",
    "stream: initial data, then changes from a subscription",
    "stream: heartbeat every 25 s",
    "stream: clean-up when the reader leaves",
    "stream: Content-Type text/event-stream",
    "stream: Cache-Control no-cache",
    "stream: Connection keep-alive",
    // 3. Heartbeat system
    "POST /api/sessions/heartbeat { sessionId, instanceId }",
    "X-Worker-Code",
    "HEARTBEAT_INTERVAL_MS = 15 s",
    "first heartbeat at once",
    "sendBeacon on beforeunload and pagehide",
    "recordSessionHeartbeatWithInstance",
    "last_seen_at",
    "active_instance_id",
    "INSTANCE_MISMATCH",
    "IDLE_THRESHOLD_MS = 5 min",
    "clean-up every 10 s",
    "POST /api/cron/close-idle-sessions",
    // 4. Supabase Realtime
    "session:{id}, UPDATE on sessions, id=eq.{id}",
    "reports:{type}, * on reports, type=eq.{type}",
    "active-sessions, * on sessions, status=eq.active",
    "sessions.current_status_id mirrors the latest status event",
    // 5. BroadcastChannel
    "channel worker-session",
    "claim { type, sessionId, instanceId, timestamp }",
    "another tab's claim redirects to /session-transferred",
    "/session-transferred",
    "Return to Login",
    // 6. Implementation patterns
    "useSSEStream",
    "usePollingFallback, every 5 s",
    "useReconnectingSSE",
    "five attempts, 2^n s apart",
    "reset of the attempts on success",
    // Key files
    "hooks/useSessionHeartbeat.ts",
    "hooks/useSessionBroadcast.ts",
    "hooks/useIdleSessionCleanup.ts",
    "lib/hooks/useRealtimeSession.ts",
    "lib/hooks/useRealtimeReports.ts",
    "lib/hooks/useLiveDuration.ts",
    "app/api/admin/dashboard/active-sessions/stream/route.ts",
    "app/api/admin/dashboard/session/[id]/stream/route.ts",
    "app/api/admin/reports/stream/route.ts",
    "app/api/sessions/pipeline/stream/route.ts",
];

/// A row of the document.
struct Row {
    item: String,
    file: String,
    test: String,
    difference: String,
    state: String,
}

fn rows() -> Vec<Row> {
    let document = std::fs::read_to_string(repository().join("docs/SPECIFICATION.md")).unwrap();
    document
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| the specification"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [item, file, test, difference, state] = cells.as_slice() else {
                panic!("a row of docs/SPECIFICATION.md has {} cells, not 5: {line}", cells.len());
            };
            Row {
                item: item.trim_matches('`').to_owned(),
                file: (*file).to_owned(),
                test: (*test).to_owned(),
                difference: (*difference).to_owned(),
                state: (*state).to_owned(),
            }
        })
        .collect()
}

/// Checks the code spans of a cell: one with a slash is a path in this repository, one without is a
/// name that the path before it has to contain. Returns how many paths there were.
fn check(cell: &str, wrong: &mut Vec<String>, item: &str) -> usize {
    let mut paths = 0;
    let mut text = None;
    for span in cell.split('`').skip(1).step_by(2) {
        if span.contains('/') {
            paths += 1;
            text = std::fs::read_to_string(repository().join(span)).ok();
            if !repository().join(span).exists() {
                wrong.push(format!("{item}: there is no {span}"));
            }
        } else if !text.as_ref().is_some_and(|text| text.contains(span)) {
            wrong.push(format!("{item}: `{span}` is not in the file named before it"));
        }
    }
    paths
}

#[test]
fn every_item_has_a_row_and_no_row_is_made_up() {
    let rows = rows();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *seen.entry(row.item.as_str()).or_default() += 1;
    }
    let missing: Vec<&&str> = ITEMS.iter().filter(|item| !seen.contains_key(**item)).collect();
    let twice: Vec<&&str> = seen.iter().filter(|(_, count)| **count > 1).map(|(item, _)| item).collect();
    let unknown: Vec<&&str> = seen.keys().filter(|item| !ITEMS.contains(item)).collect();
    assert!(missing.is_empty(), "items of the specification without a row: {missing:#?}");
    assert!(twice.is_empty(), "items with two rows: {twice:#?}");
    assert!(unknown.is_empty(), "rows that the specification does not have: {unknown:#?}");
}

#[test]
fn every_file_and_test_that_a_row_names_is_there() {
    let mut wrong = Vec::new();
    for row in rows() {
        let files = check(&row.file, &mut wrong, &row.item);
        let tests = check(&row.test, &mut wrong, &row.item);
        match row.state.as_str() {
            "built" => {
                if files == 0 {
                    wrong.push(format!("{}: built, but no file is named", row.item));
                }
                if tests == 0 {
                    wrong.push(format!("{}: built, but no test is named", row.item));
                }
            }
            state if state.strip_prefix("not yet: ").is_some_and(|what| what.len() > 3) => {}
            state => wrong.push(format!("{}: its state is neither `built` nor `not yet: …`: {state}", row.item)),
        }
        if row.difference.is_empty() {
            wrong.push(format!("{}: an empty difference; write `none`", row.item));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
