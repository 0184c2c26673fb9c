//! Sessions that were closed for want of contact: they come back, or their end moves.

use super::{amended, now, record, silence};
use crate::api::{Stand, board, text, uuid};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::json;

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";

#[tokio::test]
async fn a_kiosk_that_ran_on_brings_its_session_back_with_its_next_action() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    drop(stand.beat().await.ok());
    let running_since = stand.now.clone();
    silence(&server, &admin).await;
    assert!(board(&server, &admin).await.is_empty(), "closed for want of contact");
    drop(stand.beat().await.problem(410, "SESSION_NOT_ACTIVE"));
    let mut events = Events::open(&admin, BOARD).await;
    drop(events.wait_for("initial").await);

    stand.now = now(&stand.caller).await;
    let mut body = stand.change("setup");
    body["action"]["runningSince"] = running_since.into();
    body["quantities"] = json!({"good": 5});
    let answer = stand.caller.post("/api/status-events", body.clone()).await.ok();
    assert_eq!((&answer["outcome"], &answer["session"]["status"]), (&json!("applied"), &json!("active")));
    let back = events.wait_for("insert").await;
    assert_eq!(back.data["session"]["id"], json!(stand.session));
    assert!(back.data["session"]["recoveredAt"].is_string(), "a supervisor sees that it came back");
    assert_eq!(stand.caller.post("/api/status-events", body).await.ok()["repeat"], true);
    drop(stand.beat().await.ok());

    let seen = record(&admin, &stand.session).await;
    assert_eq!(amended(&seen), ["reopen"]);
    assert_eq!(seen["session"]["countMissing"], false, "its production went on and was counted");
    let events = seen["statusEvents"].as_array().unwrap();
    assert!(events.iter().all(|event| event["unknown"] == false), "it was running all the time: {events:?}");
    super::agrees(&server).await;
}

#[tokio::test]
async fn from_the_last_contact_to_the_start_of_its_kiosk_nobody_knows() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    drop(stand.beat().await.ok());
    let last_contact = stand.now.clone();
    silence(&server, &admin).await;
    let started = now(&stand.caller).await;
    server.advance(60_000);
    stand.now = now(&stand.caller).await;
    let answer = stand.act("/api/sessions/reopen", json!({"runningSince": started})).await.ok();
    assert_eq!(answer["outcome"], "applied");

    let seen = record(&admin, &stand.session).await;
    let events = seen["statusEvents"].as_array().unwrap();
    let unknown: Vec<_> = events.iter().filter(|event| event["unknown"] == true).collect();
    assert_eq!(unknown.len(), 1, "{events:?}");
    assert_eq!((&unknown[0]["startedAt"], &unknown[0]["endedAt"]), (&json!(last_contact), &json!(started)));
    let open = events.last().unwrap();
    assert_eq!((&open["status"]["key"], &open["startedAt"]), (&json!("production"), &json!(started)));

    // What it was a supervisor says: it is known then.
    let fix = json!({
        "kind": "status", "statusEventId": unknown[0]["id"], "statusDefinitionId": stand.status("break"), "reason": "power cut",
    });
    let done = admin.post("/api/admin/amendments", fix).await.ok();
    assert!(done["before"]["unknownMs"].as_u64().unwrap() > 300_000 && done["after"]["unknownMs"] == 0, "{done}");
    super::agrees(&server).await;
}

#[tokio::test]
async fn asking_to_go_on_does_nothing_to_an_open_session_and_is_refused_for_one_that_is_over() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let since = stand.now.clone();
    let answer = stand.act("/api/sessions/reopen", json!({"runningSince": since})).await.ok();
    assert_eq!((&answer["outcome"], &answer["session"]["version"]), (&json!("applied"), &json!(1)));
    drop(stand.end().await.ok());
    drop(stand.act("/api/sessions/reopen", json!({"runningSince": since})).await.problem(410, "SESSION_NOT_ACTIVE"));
    drop(stand.enter("break").await.ok());
    assert!(board(&server, &Caller::admin(&server).await).await.is_empty(), "what ended for good stays so");
}

#[tokio::test]
async fn where_somebody_else_is_there_by_now_the_end_moves_and_nothing_live_changes() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut away = Stand::open(&server, 1).await;
    drop(away.enter("production").await.ok());
    drop(away.beat().await.ok());
    let lost = away.now.clone();
    silence(&server, &admin).await;
    let tapped = now(&away.caller).await;
    server.advance(30_000);
    // The next worker starts at the same station, at another kiosk.
    let next = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    let body = json!({"stationId": away.station, "instanceId": uuid()});
    let there = next.post("/api/sessions", body).await.ok();
    let before = board(&server, &admin).await;

    server.advance(5_000);
    let refused = away.act("/api/sessions/reopen", json!({"runningSince": tapped})).await;
    drop(refused.problem(409, "STATION_OCCUPIED"));
    away.now = tapped.clone();
    let mut body = away.change("setup");
    body["action"]["runningSince"] = lost.into();
    body["quantities"] = json!({"good": 3});
    assert_eq!(away.caller.post("/api/status-events", body).await.ok()["outcome"], "late");
    let seen = record(&admin, &away.session).await;
    assert_eq!((&seen["session"]["status"], &seen["session"]["endedAt"]), (&json!("completed"), &json!(tapped)));
    assert_eq!((&seen["session"]["totals"]["good"], &seen["session"]["provisional"]), (&json!(3), &json!(true)));
    assert_eq!(amended(&seen), ["end"]);
    // And what was tapped when the station was another's waits for a supervisor.
    away.now = now(&away.caller).await;
    assert_eq!(away.enter("break").await.ok()["outcome"], "quarantined");
    assert_eq!(board(&server, &admin).await, before);
    assert_eq!(before[0]["id"], there["session"]["id"]);
    super::agrees(&server).await;
}

#[tokio::test]
async fn what_was_asked_for_before_the_silence_waits_again() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "BACK-1"})).await.ok()["id"]);
    let steps = json!([{"stationId": stand.station, "firstProductApproval": true}]);
    let draft = json!({"name": "Flange", "plannedQuantity": 5, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    let bind = json!({"jobItemId": item["id"], "stepId": item["steps"][0]["id"]});
    drop(stand.act("/api/sessions/bind-job-item", bind).await.ok());
    let approval = stand.act("/api/approvals", json!({})).await.ok()["approval"]["id"].clone();
    let taken_back = stand.act("/api/calls", json!({})).await.ok()["call"]["id"].clone();
    drop(stand.act(&format!("/api/calls/{}/cancel", text(&taken_back)), json!({})).await.ok());
    server.advance(1_000);
    drop(stand.beat().await.ok());
    let call = stand.act("/api/calls", json!({})).await.ok()["call"]["id"].clone();
    drop(admin.post(&format!("/api/admin/calls/{}/seen", text(&call)), json!({})).await.ok());
    let waiting = async || {
        let approvals = admin.get("/api/admin/approvals?state=pending").await.ok();
        let calls = admin.get("/api/admin/calls").await.ok();
        let calls = calls["items"].as_array().unwrap().iter();
        let calls: Vec<_> = calls.map(|call| json!([call["id"], call["state"], call["endedAt"]])).collect();
        (approvals["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), calls)
    };
    let before = waiting().await;
    assert_eq!((&before.0[..], &before.1[0]), (&[approval][..], &json!([call, "seen", null])));
    silence(&server, &admin).await;
    assert!(waiting().await.0.is_empty());
    stand.now = now(&stand.caller).await;
    let running = stand.now.clone();
    drop(stand.act("/api/sessions/reopen", json!({"runningSince": running})).await.ok());
    assert_eq!(waiting().await, before, "and what he took back himself stays taken back");
}

#[tokio::test]
async fn a_queued_end_ends_it_when_it_was_tapped() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    silence(&server, &admin).await;
    stand.now = now(&stand.caller).await;
    let tapped = stand.now.clone();
    server.advance(600_000);
    let ended = stand.end().await.ok();
    assert_eq!(ended["outcome"], "applied");
    let seen = record(&admin, &stand.session).await;
    assert_eq!((&seen["session"]["closeReason"], &seen["session"]["endedAt"]), (&json!("completed"), &json!(tapped)));
    assert_eq!(seen["session"]["provisional"], false);
}

#[tokio::test]
async fn his_lost_session_is_offered_to_its_worker_to_go_on_with_or_to_say_when_it_ended() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let other = Stand::open(&server, 3).await;
    silence(&server, &admin).await;
    let waiting = admin.get("/api/admin/notifications/stream?snapshot=1").await.ok();
    let provisional = |list: &serde_json::Value| {
        list["notifications"].as_array().unwrap().iter().filter(|n| n["kind"] == "provisional").count()
    };
    assert_eq!(provisional(&waiting), 2, "unanswered, a supervisor has them");

    let code = crate::api::worker(&server, 1);
    let there = Caller::kiosk(&server, 2);
    let signed_in = there.post("/api/workers/login", json!({"workerCode": code})).await.ok();
    assert_eq!(signed_in["provisionalSession"]["id"], json!(stand.session));
    let there = there.with_worker(&code);
    let body = json!({"sessionId": stand.session, "instanceId": uuid()});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    assert_eq!((&taken["epoch"], &taken["session"]["status"]), (&json!(2), &json!("active")));
    drop(stand.beat().await.problem(409, "INSTANCE_MISMATCH"));

    let third = Caller::kiosk(&server, 3).signed_in(&server, 3).await;
    let offered = third.get("/api/workers/active-session").await.ok();
    let session = &offered["provisionalSession"];
    assert_eq!(session["id"], json!(other.session));
    let ended_at = now(&third).await;
    let at =
        |when: &str| json!({"sessionId": other.session, "instanceId": uuid(), "then": "complete", "endedAt": when});
    drop(
        third
            .post("/api/sessions/takeover", at("2020-01-01T00:00:00.000Z"))
            .await
            .problem(409, "INVALID_STATUS_TRANSITION"),
    );
    let done = third.post("/api/sessions/takeover", at(&ended_at)).await.ok();
    assert_eq!((&done["session"]["closeReason"], &done["session"]["endedAt"]), (&json!("completed"), &json!(ended_at)));
    let again = third.post("/api/sessions/takeover", at(&ended_at)).await.ok();
    assert_eq!(again["session"], done["session"], "whoever did not hear the answer asks again");
    let other_time = third.post("/api/sessions/takeover", at(&other.now)).await;
    drop(other_time.problem(409, "INVALID_STATUS_TRANSITION"));
    assert!(third.get("/api/workers/active-session").await.ok()["provisionalSession"].is_null());
    server.advance(1_001);
    assert_eq!(provisional(&admin.get("/api/admin/notifications/stream?snapshot=1").await.ok()), 0);
    assert_eq!(text(&record(&admin, &other.session).await["amendments"][0]["kind"]), "end");
}

#[tokio::test]
async fn another_kiosk_or_an_earlier_epoch_brings_nothing_back() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut first = Stand::open(&server, 1).await;
    server.advance(5_000);
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let instance = uuid();
    let body = json!({"sessionId": first.session, "instanceId": instance});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    let mut second = Stand::of(there, first.station.clone(), instance, &taken).await;
    silence(&server, &admin).await;
    first.now = now(&first.caller).await;
    let since = first.now.clone();
    drop(first.act("/api/sessions/reopen", json!({"runningSince": since})).await.problem(410, "SESSION_NOT_ACTIVE"));
    assert_eq!(first.enter("break").await.ok()["outcome"], "quarantined");
    let mut foreign = second.change("break");
    foreign["action"]["occurredAt"] = since.clone().into();
    first.seq += 1;
    foreign["action"]["seq"] = first.seq.into();
    assert_eq!(first.caller.post("/api/status-events", foreign).await.ok()["outcome"], "quarantined");
    assert!(board(&server, &admin).await.is_empty());
    second.now = since.clone();
    assert_eq!(second.act("/api/sessions/reopen", json!({"runningSince": since})).await.ok()["outcome"], "applied");
    assert_eq!(board(&server, &admin).await[0]["id"], json!(second.session));
}
