//! Calls to the supervisor: who sees them when, and what is raised.

use super::{Stand, count, ids, text, wait};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

async fn call(stand: &mut Stand) -> Value {
    let body = json!({"sessionId": stand.session, "note": "Tool is blunt", "action": stand.stamp()});
    stand.caller.post("/api/calls", body).await.ok()["call"].clone()
}

async fn read(stand: &Stand) -> Value {
    stand.caller.get(&format!("/api/calls?sessionId={}", stand.session)).await.ok()["calls"].clone()
}

#[tokio::test]
async fn the_caller_sees_who_saw_it_and_when_it_is_over() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let made = call(&mut stand).await;
    assert_eq!(read(&stand).await, json!([made]));
    assert_eq!(ids(&admin, "/api/admin/calls?state=open").await, [made["id"].clone()]);
    let path = format!("/api/admin/calls/{}", text(&made["id"]));
    let seen = admin.post(&format!("{path}/seen"), json!({})).await.ok();
    assert_eq!((&seen["state"], &seen["seenBy"]), (&json!("seen"), &server.ready["admin"]["username"]));
    server.advance(1_000);
    assert_eq!(admin.post(&format!("{path}/seen"), json!({})).await.ok(), seen, "the first look is kept");
    assert_eq!(read(&stand).await, json!([seen]));
    let done = admin.post(&format!("{path}/done"), json!({})).await.ok();
    assert_eq!((&done["state"], done["endedAt"].is_string()), (&json!("done"), true));
    assert_eq!(admin.post(&format!("{path}/done"), json!({})).await.ok(), done);
    assert!(ids(&admin, "/api/admin/calls?state=open").await.is_empty());
    assert_eq!(ids(&admin, "/api/admin/calls").await, [made["id"].clone()]);
    assert_eq!(count(&server, "audit_log WHERE object LIKE 'call %'").await, 2);
    assert_eq!(count(&server, "changes WHERE json_extract(row, '$.table') = 'calls'").await, 3);
    let other = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    drop(other.get(&format!("/api/calls?sessionId={}", stand.session)).await.problem(404, "SESSION_NOT_FOUND"));
}

#[tokio::test]
async fn what_was_taken_back_is_nobodys_business_any_more() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let made = call(&mut stand).await;
    let back = json!({"sessionId": stand.session, "action": stand.stamp()});
    drop(stand.caller.post(&format!("/api/calls/{}/cancel", text(&made["id"])), back).await.ok());
    for verb in ["seen", "done"] {
        let path = format!("/api/admin/calls/{}/{verb}", text(&made["id"]));
        drop(admin.post(&path, json!({})).await.problem(409, "INVALID_STATUS_TRANSITION"));
    }
    drop(admin.post(&format!("/api/admin/calls/{}/seen", super::uuid()), json!({})).await.problem(404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_call_nobody_sees_for_five_minutes_is_raised_once() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(call(&mut stand).await);
    wait(&server, &mut stand, 4).await;
    assert!(read(&stand).await[0]["escalatedAt"].is_null());
    wait(&server, &mut stand, 1).await;
    let raised = super::until(&server, || read(&stand), |calls| calls[0]["escalatedAt"].is_string()).await;
    wait(&server, &mut stand, 2).await;
    assert_eq!(read(&stand).await, raised);
}

#[tokio::test]
async fn what_nobody_may_apply_waits_in_quarantine() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let mut body = json!({"sessionId": stand.session, "note": "=1", "action": stand.stamp()});
    body["action"]["epoch"] = 7.into();
    let answer = stand.caller.post("/api/calls", body).await.ok();
    assert_eq!(answer["outcome"], "quarantined");
    let page = admin.get("/api/admin/quarantine").await.ok();
    let entry = &page["items"][0];
    assert_eq!((&entry["id"], &entry["path"]), (&answer["quarantineId"], &json!("/api/calls")));
    assert_eq!((&entry["sessionId"], &entry["body"]["note"]), (&json!(stand.session), &json!("=1")));
    drop(stand.caller.get("/api/admin/quarantine").await.problem(401, "UNAUTHENTICATED"));
}
