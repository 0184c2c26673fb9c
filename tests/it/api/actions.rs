//! Worker actions: numbered, answered once, done once.

use super::{Stand, board, snapshot, uuid};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_repeated_action_gets_its_answer_again_and_has_no_second_effect() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let body = stand.change("other");
    let first = stand.caller.post("/api/status-events", body.clone()).await.ok();
    let position = snapshot(&server, &admin).await["position"].clone();
    let again = stand.caller.post("/api/status-events", body).await.ok();
    assert_eq!(again["repeat"], true);
    assert_eq!(again["statusEvent"]["id"], first["statusEvent"]["id"]);
    assert_eq!(snapshot(&server, &admin).await["position"], position, "nothing was written");
}

#[tokio::test]
async fn a_number_used_for_something_else_is_said_with_the_last_one() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("other").await.ok());
    drop(stand.enter("setup").await.ok());
    let mut other = stand.change("break");
    other["action"]["seq"] = 1.into();
    let said = stand.caller.post("/api/status-events", other).await.problem(409, "SEQ_REUSED");
    assert_eq!(said["lastSeq"], 2);
}

#[tokio::test]
async fn a_refusal_is_kept_as_the_answer_too() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let body = stand.change("malfunction");
    drop(stand.caller.post("/api/status-events", body.clone()).await.problem(422, "REPORT_REQUIRED"));
    let again = stand.caller.post("/api/status-events", body).await.problem(422, "REPORT_REQUIRED");
    assert_eq!(again["repeat"], true);
    assert_eq!(board(&server, &Caller::admin(&server).await).await[0]["currentStatus"]["key"], "stop");
}

#[tokio::test]
async fn a_number_that_no_column_holds_is_refused_like_any_other() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let counter = json!({"start": u64::MAX - 7, "end": u64::MAX});
    let body = json!({"sessionId": stand.session, "quantities": {"counter": counter}, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/quantities", body).await.problem(422, "INVALID_QUANTITIES"));
    let body = json!({"undoes": u64::MAX, "action": stand.stamp()});
    drop(stand.caller.post("/api/actions/undo", body).await.problem(409, "INVALID_STATUS_TRANSITION"));
}

#[tokio::test]
async fn a_status_asks_for_what_it_wants() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("waiting").await.problem(422, "REASON_REQUIRED"));
    let reasons = stand.caller.get(&format!("/api/reasons?stationId={}&type=stop", stand.station)).await.ok();
    let reason = reasons["reasons"][0]["id"].clone();
    assert!(reason.is_string(), "{reasons}");
    let mut with = stand.change("waiting");
    with["reasonId"] = reason.clone();
    assert_eq!(stand.caller.post("/api/status-events", with).await.ok()["statusEvent"]["reasonId"], reason);
    let mut foreign = stand.change("waiting");
    foreign["reasonId"] = uuid().into();
    drop(stand.caller.post("/api/status-events", foreign).await.problem(422, "REASON_REQUIRED"));
    let mut unknown = stand.change("stop");
    unknown["statusDefinitionId"] = uuid().into();
    drop(stand.caller.post("/api/status-events", unknown).await.problem(422, "STATUS_NOT_ALLOWED"));
}

#[tokio::test]
async fn a_reason_can_be_given_afterwards() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let event = stand.enter("stop").await.ok()["statusEvent"]["id"].clone();
    let reasons = stand.caller.get(&format!("/api/reasons?stationId={}&type=stop", stand.station)).await.ok();
    let reason = reasons["reasons"][1]["id"].clone();
    let body = json!({"sessionId": stand.session, "reasonId": reason, "action": stand.stamp()});
    let path = format!("/api/status-events/{}/reason", event.as_str().unwrap());
    let given = stand.caller.post(&path, body).await.ok();
    assert_eq!((&given["statusEvent"]["id"], &given["statusEvent"]["reasonId"]), (&event, &reason));
}

#[tokio::test]
async fn a_worker_action_needs_no_sign_in_but_the_right_worker_if_it_names_one() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.caller.post("/api/workers/logout", json!({})).await);
    let kiosk = Caller::kiosk(&server, 1);
    let body = stand.change("other");
    assert_eq!(kiosk.post("/api/status-events", body).await.ok()["outcome"], "applied");
    let body = stand.change("setup");
    let named = kiosk.with_worker(&super::worker(&server, 2));
    drop(named.post("/api/status-events", body).await.problem(403, "FORBIDDEN"));
}

#[tokio::test]
async fn a_time_that_can_not_be_is_moved_and_said() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    server.advance(60_000);
    drop(stand.beat().await.ok());
    let mut early = stand.change("other");
    early["action"]["occurredAt"] = "2020-01-01T00:00:00.000Z".into();
    let answer = stand.caller.post("/api/status-events", early).await.ok();
    assert_eq!(answer["outcome"], "applied");
    assert_eq!(answer["shiftedTo"], answer["statusEvent"]["startedAt"], "not before the claim began");
    let mut late = stand.change("setup");
    late["action"]["occurredAt"] = "2099-01-01T00:00:00.000Z".into();
    let answer = stand.caller.post("/api/status-events", late).await.ok();
    assert!(answer["shiftedTo"].as_str().unwrap() < "2099", "not after now: {answer}");
}

#[tokio::test]
async fn what_the_server_does_not_know_it_does_not_drop_without_a_word() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let mut weighed = stand.change("other");
    weighed["weights"] = json!({ "gross": 5 });
    let said = stand.caller.post("/api/status-events", weighed).await.problem(400, "INVALID_PAYLOAD");
    assert!(said["detail"].as_str().is_some_and(|detail| detail.contains("weights")), "{said}");
    // The number was not used up by it.
    drop(stand.enter("other").await.ok());
}

fn parking(body: &serde_json::Value, code: &str) -> serde_json::Value {
    let problem =
        json!({"type": "urn:millrace:problem:x", "title": "No", "status": 422, "detail": "Why.", "code": code});
    json!({"seq": body["action"]["seq"], "path": "/api/status-events", "body": body, "problem": problem})
}

#[tokio::test]
async fn what_was_refused_is_parked_once_and_that_is_its_answer_from_then_on() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let before = board(&server, &admin).await;
    let body = stand.change("malfunction");
    drop(stand.caller.post("/api/status-events", body.clone()).await.problem(422, "REPORT_REQUIRED"));
    let parked = stand.caller.post("/api/actions/park", parking(&body, "REPORT_REQUIRED")).await.ok();
    assert_eq!(parked["outcome"], "quarantined");
    for again in [
        stand.caller.post("/api/actions/park", parking(&body, "REPORT_REQUIRED")).await.ok(),
        stand.caller.post("/api/status-events", body.clone()).await.ok(),
    ] {
        assert_eq!((&again["repeat"], &again["quarantineId"]), (&json!(true), &parked["quarantineId"]));
    }
    let page = admin.get("/api/admin/quarantine").await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    let entry = &page["items"][0];
    assert_eq!((&entry["id"], &entry["reason"]), (&parked["quarantineId"], &json!("parked")));
    assert_eq!((&entry["sessionId"], &entry["body"]), (&json!(stand.session), &body));
    assert_eq!((&entry["problem"]["code"], &entry["seq"]), (&json!("REPORT_REQUIRED"), &body["action"]["seq"]));
    assert_eq!(board(&server, &admin).await, before, "nothing live is touched");
}

#[tokio::test]
async fn what_was_never_answered_is_parked_and_what_was_taken_stays_what_it_is() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let taken = stand.change("setup");
    assert_eq!(stand.caller.post("/api/status-events", taken.clone()).await.ok()["outcome"], "applied");
    let kept = stand.caller.post("/api/actions/park", parking(&taken, "INTERNAL")).await.ok();
    assert_eq!((&kept["outcome"], &kept["repeat"]), (&json!("applied"), &json!(true)));

    // Its session is named by its claim alone.
    let mut unread = stand.change("break");
    unread.as_object_mut().unwrap().remove("sessionId");
    unread["fromTheFuture"] = json!({"good": 1e9});
    let parked = stand.caller.post("/api/actions/park", parking(&unread, "INVALID_PAYLOAD")).await.ok();
    assert_eq!(parked["outcome"], "quarantined");
    let page = admin.get("/api/admin/quarantine").await.ok();
    let entry = &page["items"][0];
    assert_eq!((&entry["sessionId"], &entry["body"]), (&json!(stand.session), &unread));

    let mut another = stand.change("break");
    another["action"]["seq"] = unread["action"]["seq"].clone();
    drop(stand.caller.post("/api/actions/park", parking(&another, "INTERNAL")).await.problem(409, "SEQ_REUSED"));
    let mut wrong = parking(&another, "INTERNAL");
    wrong["seq"] = json!(0);
    drop(stand.caller.post("/api/actions/park", wrong.clone()).await.problem(400, "INVALID_PAYLOAD"));
    wrong["seq"] = json!(99);
    wrong["path"] = json!("http://elsewhere");
    drop(stand.caller.post("/api/actions/park", wrong).await.problem(400, "INVALID_PAYLOAD"));
    drop(
        Caller::nobody(&server)
            .post("/api/actions/park", parking(&another, "INTERNAL"))
            .await
            .problem(401, "UNAUTHENTICATED"),
    );
    assert_eq!(board(&server, &admin).await[0]["currentStatus"]["key"], "setup");
}
