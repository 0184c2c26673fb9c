//! Taking back what was tapped last.

use super::{agrees, now, record, silence};
use crate::api::{Stand, board, text};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

async fn undo(stand: &mut Stand, undoes: u64) -> Answer {
    let body = json!({"undoes": undoes, "action": stand.stamp()});
    stand.caller.post("/api/actions/undo", body).await
}

fn refused(answer: Answer) {
    drop(answer.problem(409, "INVALID_STATUS_TRANSITION"));
}

/// The first reason of a type at the stand's station.
async fn reason(stand: &Stand, kind: &str) -> String {
    let list = stand.caller.get(&format!("/api/reasons?stationId={}&type={kind}", stand.station)).await.ok();
    text(&list["reasons"][0]["id"])
}

#[tokio::test]
async fn a_status_with_its_count_and_its_report_is_taken_back_as_if_it_had_not_been() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    server.advance(60_000);
    drop(stand.beat().await.ok());
    let before = board(&server, &admin).await;
    drop(stand.beat().await.ok());
    let mut body = stand.change("malfunction");
    body["report"] = json!({"type": "malfunction", "reasonId": reason(&stand, "malfunction").await});
    body["quantities"] = json!({"good": 4, "scrap": 1, "note": "bent"});
    let done = stand.caller.post("/api/status-events", body).await.ok();
    assert_eq!(done["reports"].as_array().map(Vec::len), Some(2), "malfunction and scrap");
    let seq = stand.seq;
    server.advance(5_000);
    drop(stand.beat().await.ok());
    let back = undo(&mut stand, seq).await.ok();
    assert_eq!(back["outcome"], "applied");
    assert_eq!((&back["entry"]["good"], &back["entry"]["kind"]), (&json!(-4), &json!("undo")));
    assert!(back["reports"].as_array().unwrap().iter().all(|report| report["state"] == "withdrawn"), "{back}");
    let mut after = board(&server, &admin).await;
    // Only its version says that something was.
    after[0]["version"] = before[0]["version"].clone();
    assert_eq!(after, before);
    let seen = record(&admin, &stand.session).await;
    let events = seen["statusEvents"].as_array().unwrap();
    assert!(events.iter().all(|event| event["status"]["key"] != "malfunction"), "{events:?}");
    assert_eq!(events.last().unwrap()["endedAt"], Value::Null);
    agrees(&server).await;
    // A repeat has no second effect.
    let again = json!({"undoes": seq, "action": {
        "seq": stand.seq, "instanceId": stand.instance, "epoch": stand.epoch, "occurredAt": stand.now,
    }});
    assert_eq!(stand.caller.post("/api/actions/undo", again).await.ok()["repeat"], true);
    refused(undo(&mut stand, seq).await);
}

#[tokio::test]
async fn a_count_and_a_report_are_taken_back_by_themselves() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.bind().await.ok());
    drop(stand.act("/api/sessions/quantities", json!({"quantities": {"good": 9}})).await.ok());
    let counted = stand.seq;
    assert_eq!(undo(&mut stand, counted).await.ok()["session"]["totals"]["good"], 0);
    let report = json!({"report": {"type": "general", "reasonId": reason(&stand, "general").await}});
    let made = stand.act("/api/reports", report.clone()).await.ok();
    let reported = stand.seq;
    drop(undo(&mut stand, reported).await.ok());
    let id = text(&made["reports"][0]["id"]);
    assert_eq!(admin.get(&format!("/api/admin/reports/{id}")).await.ok()["state"], "withdrawn");
    // Once a supervisor has acted on it, it stays.
    let made = stand.act("/api/reports", report).await.ok();
    let (id, seq) = (text(&made["reports"][0]["id"]), stand.seq);
    drop(admin_moves(&admin, &id, &made["reports"][0]["version"]).await);
    refused(undo(&mut stand, seq).await);
    agrees(&server).await;
}

async fn admin_moves(admin: &Caller, report: &str, version: &Value) -> Value {
    let request = admin.request(reqwest::Method::POST, &format!("/api/admin/reports/{report}/state"));
    let request = request.header("if-match", format!("\"{version}\"")).json(&json!({"state": "approved"}));
    millrace_tests::call::send(request).await.ok()
}

#[tokio::test]
async fn only_the_last_and_only_for_ten_seconds() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("setup").await.ok());
    let setup = stand.seq;
    drop(stand.enter("break").await.ok());
    let rest = stand.seq;
    refused(undo(&mut stand, setup).await);
    refused(undo(&mut stand, 4_000).await);
    drop(stand.bind().await.ok());
    let bound = stand.seq;
    refused(undo(&mut stand, bound).await);
    refused(undo(&mut stand, rest).await);
    drop(stand.enter("setup").await.ok());
    let late = stand.seq;
    server.advance(10_001);
    drop(stand.beat().await.ok());
    refused(undo(&mut stand, late).await);
}

#[tokio::test]
async fn a_setup_tapped_by_mistake_costs_no_approval() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "UNDO-1"})).await.ok()["id"]);
    let steps = json!([{"stationId": stand.station, "firstProductApproval": true}]);
    let draft = json!({"name": "Looked at", "plannedQuantity": 5, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    let bind = json!({"jobItemId": item["id"], "stepId": item["steps"][0]["id"]});
    drop(stand.act("/api/sessions/bind-job-item", bind).await.ok());
    let asked = stand.act("/api/approvals", json!({})).await.ok();
    let approval = text(&asked["approval"]["id"]);
    drop(admin.post(&format!("/api/admin/approvals/{approval}/approve"), json!({})).await.ok());
    server.advance(1_000);
    drop(stand.beat().await.ok());
    let body = stand.change("setup");
    drop(stand.caller.post("/api/status-events", body).await.ok());
    let seq = stand.seq;
    let body = stand.change("production");
    drop(stand.caller.post("/api/status-events", body).await.problem(409, "APPROVAL_REQUIRED"));
    // He asks anew before he sees that it was a slip.
    let asked = stand.act("/api/approvals", json!({})).await.ok();
    assert_ne!(asked["approval"]["id"], approval.as_str());
    drop(undo(&mut stand, seq).await.ok());
    let told = stand.caller.get(&format!("/api/approvals?sessionId={}", stand.session)).await.ok();
    assert_eq!((&told["standing"], &told["approval"]["id"]), (&json!("approved"), &json!(approval)));
    let items = stand.caller.get(&format!("/api/stations/{}/job-items", stand.station)).await.ok();
    let mut items = items["jobItems"].as_array().unwrap().iter();
    assert_eq!(items.find(|known| known["id"] == item["id"]).unwrap()["approval"], "approved");
    let body = stand.change("production");
    drop(stand.caller.post("/api/status-events", body).await.ok());
}

#[tokio::test]
async fn what_was_put_right_since_stays_or_is_taken_back_from_where_it_is() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "UNDO-2"})).await.ok()["id"]);
    let draft = json!({"name": "Other", "plannedQuantity": 5, "steps": [{"stationId": stand.station}]});
    let other = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    let step = other["steps"][0]["id"].clone();
    let on_other = |event: &Value| {
        json!({"correction": {
            "kind": "item", "statusEventId": event, "jobItemId": other["id"], "stepId": step,
        }})
    };
    let produced = stand.enter("production").await.ok()["statusEvent"]["id"].clone();
    server.advance(5_000);
    drop(stand.beat().await.ok());
    let mut body = stand.change("break");
    body["quantities"] = json!({"good": 10});
    let rest = stand.caller.post("/api/status-events", body).await.ok()["statusEvent"]["id"].clone();
    let seq = stand.seq;
    drop(stand.act("/api/sessions/corrections", on_other(&produced)).await.ok());
    refused(undo(&mut stand, seq).await);
    agrees(&server).await;
    // A count goes from where its pieces are now.
    drop(stand.act("/api/sessions/quantities", json!({"quantities": {"good": 3}})).await.ok());
    let counted = stand.seq;
    drop(stand.act("/api/sessions/corrections", on_other(&rest)).await.ok());
    let back = undo(&mut stand, counted).await.ok();
    assert_eq!((&back["entry"]["stepId"], &back["entry"]["good"]), (&step, &json!(-3)));
    assert_eq!(back["session"]["totals"]["good"], 10);
    agrees(&server).await;
    // A stretch in which pieces are counted by now stays.
    let event = stand.enter("setup").await.ok()["statusEvent"]["id"].clone();
    let setup = stand.seq;
    let added = json!({"correction": {"kind": "addedCount", "statusEventId": event, "good": 1, "scrap": 0}});
    drop(stand.act("/api/sessions/corrections", added).await.ok());
    refused(undo(&mut stand, setup).await);
    agrees(&server).await;
}

#[tokio::test]
async fn the_first_stop_has_its_five_minutes_again() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let before = board(&server, &admin).await[0]["reasonMissingFrom"].clone();
    drop(stand.enter("break").await.ok());
    let seq = stand.seq;
    let back = undo(&mut stand, seq).await.ok();
    assert_eq!(back["session"]["reasonMissingFrom"], before);
    // As it has where it comes back from having been closed.
    silence(&server, &admin).await;
    stand.now = now(&stand.caller).await;
    let running = stand.now.clone();
    let back = stand.act("/api/sessions/reopen", json!({"runningSince": running})).await.ok();
    assert_eq!(back["session"]["reasonMissingFrom"], before);
}

#[tokio::test]
async fn what_takes_back_what_lies_in_quarantine_lies_there_with_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut first = Stand::open(&server, 1).await;
    server.advance(5_000);
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let body = json!({"sessionId": first.session, "instanceId": crate::api::uuid()});
    drop(there.post("/api/sessions/takeover", body).await.ok());
    server.advance(5_000);
    first.now = now(&first.caller).await;
    let lies = first.enter("break").await.ok();
    assert_eq!(lies["outcome"], "quarantined");
    let seq = first.seq;
    let pair = undo(&mut first, seq).await.ok();
    assert_eq!(pair["outcome"], "quarantined");
    let list = admin.get(&format!("/api/admin/quarantine?session={}", first.session)).await.ok();
    let undoing = list["items"].as_array().unwrap().iter().find(|entry| entry["undoesId"].is_string()).unwrap();
    assert_eq!(undoing["undoesId"], lies["quarantineId"]);
    // They are decided together, and come to nothing.
    let id = text(&lies["quarantineId"]);
    let path = format!("/api/admin/quarantine/{id}/accept");
    let decided = admin.post(&path, json!({"reason": "both"})).await.ok();
    assert_eq!(decided["entries"].as_array().map(Vec::len), Some(2));
    let list = admin.get(&format!("/api/admin/quarantine?session={}", first.session)).await.ok();
    assert_eq!(list["items"], json!([]));
}
