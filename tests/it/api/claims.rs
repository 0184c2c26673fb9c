//! Heartbeats and takeover: who owns a session.

use super::{Stand, board, snapshot, text, uuid};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use serde_json::{Value, json};

/// Takes a session over at another kiosk, by the same worker.
async fn take_over(server: &TestServer, stand: &Stand, worker: usize, kiosk: usize) -> Stand {
    let caller = Caller::kiosk(server, kiosk).signed_in(server, worker).await;
    let instance = uuid();
    let body = json!({"sessionId": stand.session, "instanceId": instance});
    let claimed = caller.post("/api/sessions/takeover", body.clone()).await.ok();
    let again = caller.post("/api/sessions/takeover", body).await.ok();
    assert_eq!(again["epoch"], claimed["epoch"], "a repeat is no second takeover");
    Stand::of(caller, stand.station.clone(), instance, &claimed).await
}

#[tokio::test]
async fn the_owners_heartbeat_is_answered_with_the_lease() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let answer = stand.beat().await.ok();
    assert_eq!((&answer["ok"], &answer["epoch"], &answer["lastSeq"]), (&json!(true), &json!(1), &json!(0)));
    assert_eq!(answer["lease"], json!({"ttlMs": 300_000, "nextMs": 15_000}));
    // The specification's own form: no epoch, and a beacon's plain text.
    let plain = json!({"sessionId": stand.session, "instanceId": stand.instance}).to_string();
    let request = stand.caller.request(Method::POST, "/api/sessions/heartbeat");
    let beacon = send(request.header("content-type", "text/plain;charset=UTF-8").body(plain)).await.ok();
    assert_eq!(beacon["ok"], true);
}

#[tokio::test]
async fn a_heartbeat_of_anybody_else_is_refused() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let mut wrong = stand.heart();
    wrong["instanceId"] = uuid().into();
    let said = stand.caller.post("/api/sessions/heartbeat", wrong).await.problem(409, "INSTANCE_MISMATCH");
    assert!(said["owner"]["kioskName"].is_string() && said["owner"]["since"].is_string(), "{said}");
    let elsewhere = Caller::kiosk(&server, 2).post("/api/sessions/heartbeat", stand.heart()).await;
    drop(elsewhere.problem(409, "INSTANCE_MISMATCH"));
    let mut future = stand.heart();
    future["epoch"] = 2.into();
    drop(stand.caller.post("/api/sessions/heartbeat", future).await.problem(409, "INSTANCE_MISMATCH"));
    let mut unknown = stand.heart();
    unknown["sessionId"] = uuid().into();
    drop(stand.caller.post("/api/sessions/heartbeat", unknown).await.problem(404, "SESSION_NOT_FOUND"));
}

#[tokio::test]
async fn closing_loses_contact_at_once_and_the_next_heartbeat_restores_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let mut closing = stand.heart();
    closing["closing"] = true.into();
    drop(stand.caller.post("/api/sessions/heartbeat", closing).await.ok());
    let seen = &board(&server, &admin).await[0];
    assert_eq!(seen["contact"], "lost");
    assert!(seen["lastContactAt"].is_string());
    drop(stand.beat().await.ok());
    let seen = &board(&server, &admin).await[0];
    assert_eq!((&seen["contact"], &seen["lastContactAt"]), (&json!("online"), &json!(null)));
}

#[tokio::test]
async fn a_heartbeat_makes_no_event() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let before = snapshot(&server, &admin).await["position"].clone();
    for _ in 0..5 {
        drop(stand.beat().await.ok());
    }
    assert_eq!(snapshot(&server, &admin).await["position"], before);
}

/// What is so now of sessions: without what history says of them, totals and marks, and with it the version.
fn live(board: &[Value]) -> Vec<Value> {
    let history = ["totals", "countMissing", "malfunctionCount", "version"];
    let mut board = board.to_vec();
    for session in &mut board {
        session.as_object_mut().expect("a session").retain(|member, _| !history.contains(&member.as_str()));
    }
    board
}

#[tokio::test]
async fn after_a_takeover_the_first_owner_touches_nothing_live() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut first = Stand::open(&server, 1).await;
    drop(first.enter("production").await.ok());
    server.advance(5_000);
    drop(first.beat().await.ok());
    let inside = first.now.clone();
    server.advance(5_000);
    let mut second = take_over(&server, &first, 1, 2).await;
    assert_eq!(second.epoch, 2);
    let before = board(&server, &admin).await;
    assert_eq!(before[0]["currentStatus"]["key"], "production", "a takeover closes nothing");

    let mismatch = first.beat().await.problem(409, "INSTANCE_MISMATCH");
    assert_eq!(mismatch["owner"]["epoch"], 2);
    // Tapped while it still owned the session: history.
    first.now = inside;
    assert_eq!(first.enter("setup").await.ok()["outcome"], "late");
    // Tapped when it was another's: for a supervisor to look at.
    first.now.clone_from(&second.now);
    server.advance(5_000);
    assert_eq!(first.enter("setup").await.ok()["outcome"], "quarantined");
    assert_eq!(first.end().await.ok()["outcome"], "quarantined");
    let after = board(&server, &admin).await;
    assert_eq!(live(&after), live(&before), "nothing live has changed");
    assert_eq!(after[0]["countMissing"], true, "what the first left uncounted is history, and said");

    drop(second.beat().await.ok());
    assert_eq!(second.enter("break").await.ok()["outcome"], "applied");
}

#[tokio::test]
async fn only_its_own_worker_takes_a_session_over() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let other = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    let body = json!({"sessionId": stand.session, "instanceId": uuid()});
    drop(other.post("/api/sessions/takeover", body).await.problem(403, "FORBIDDEN"));
}

#[tokio::test]
async fn a_takeover_can_discard_in_the_same_breath() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let body = json!({"sessionId": stand.session, "instanceId": uuid(), "then": "abandon"});
    let done = there.post("/api/sessions/takeover", body).await.ok();
    assert_eq!(text(&done["session"]["closeReason"]), "abandoned");
    assert!(board(&server, &Caller::admin(&server).await).await.is_empty());
}
