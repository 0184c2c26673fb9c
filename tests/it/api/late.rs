//! What an owner sends after another took the session over: it is in history by the same rules, and touches nothing live.

use super::{Stand, text, uuid};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// A session in production that its worker took over at another kiosk; time has passed before and after.
async fn taken_over(server: &TestServer) -> (Stand, Stand) {
    let mut first = Stand::open(server, 1).await;
    drop(first.enter("production").await.ok());
    server.advance(20_000);
    drop(first.beat().await.ok());
    server.advance(20_000);
    let there = Caller::kiosk(server, 2).signed_in(server, 1).await;
    let instance = uuid();
    let body = json!({"sessionId": first.session, "instanceId": instance});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    let second = Stand::of(there, first.station.clone(), instance, &taken).await;
    (first, second)
}

async fn record(admin: &Caller, stand: &Stand) -> Value {
    admin.get(&format!("/api/admin/sessions/{}", stand.session)).await.ok()
}

async fn agrees(server: &TestServer) {
    millrace_tests::ledger::agrees(&server.data_dir().join("millrace.db")).await;
}

#[tokio::test]
async fn production_that_was_left_late_without_a_count_is_said_to_be_missing_until_it_is_counted() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut first, _second) = taken_over(&server).await;
    let stopped = first.enter("setup").await.ok();
    assert_eq!(stopped["outcome"], "late");
    let seen = record(&admin, &first).await;
    assert_eq!(seen["session"]["countMissing"], true);
    assert_eq!(seen["session"]["currentStatus"]["key"], "production", "what is so now stays");
    agrees(&server).await;
    let count = json!({"sessionId": first.session, "quantities": {"good": 7}, "action": first.stamp()});
    assert_eq!(first.caller.post("/api/sessions/quantities", count).await.ok()["outcome"], "late");
    let seen = record(&admin, &first).await;
    assert_eq!((&seen["session"]["countMissing"], &seen["session"]["totals"]["good"]), (&json!(false), &json!(7)));
    agrees(&server).await;
}

#[tokio::test]
async fn production_goes_on_without_an_item_neither_now_nor_late() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut first, mut second) = taken_over(&server).await;
    for stand in [&mut first, &mut second] {
        let body = json!({"sessionId": stand.session, "action": stand.stamp()});
        drop(stand.caller.post("/api/sessions/unbind-job-item", body).await.problem(422, "JOB_ITEM_REQUIRED"));
    }
    let events = record(&admin, &first).await["statusEvents"].clone();
    let producing = events.as_array().unwrap().iter().filter(|event| event["status"]["key"] == "production");
    assert!(producing.into_iter().all(|event| !text(&event["stepId"]).is_empty()), "{events}");
    agrees(&server).await;
}

#[tokio::test]
async fn a_late_item_that_asks_for_an_approval_is_not_produced_without_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut first, _second) = taken_over(&server).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "LATE-1"})).await.ok()["id"]);
    let steps = json!([{"stationId": first.station, "firstProductApproval": true}]);
    let draft = json!({"name": "To be looked at", "plannedQuantity": 5, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    let body = json!({
        "sessionId": first.session, "jobItemId": item["id"], "stepId": item["steps"][0]["id"], "action": first.stamp(),
    });
    drop(first.caller.post("/api/sessions/bind-job-item", body).await.problem(409, "APPROVAL_REQUIRED"));
    agrees(&server).await;
}

#[tokio::test]
async fn a_late_moment_that_was_moved_is_said_to_be() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut first, _second) = taken_over(&server).await;
    let mut count = json!({"sessionId": first.session, "quantities": {"good": 1}, "action": first.stamp()});
    let said = first.caller.post("/api/sessions/quantities", count.clone()).await.ok();
    assert_eq!((&said["outcome"], &said["shiftedTo"]), (&json!("late"), &Value::Null));
    // No earlier than the one before it.
    count["action"] = first.stamp();
    count["action"]["occurredAt"] = record(&admin, &first).await["session"]["startedAt"].clone();
    let said = first.caller.post("/api/sessions/quantities", count).await.ok();
    assert_eq!((&said["outcome"], &said["shiftedTo"]), (&json!("late"), &json!(first.now)));
}
