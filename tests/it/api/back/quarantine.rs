//! What a supervisor decides about what lies in quarantine.

use super::{agrees, amended, now, record};
use crate::api::{Stand, board, text, uuid};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// A session that was taken over and has ended, with three entries of its first owner in quarantine: a status, a count
/// and a call. They were tapped when it was the second's.
async fn waiting(server: &TestServer, admin: &Caller) -> (Stand, Vec<Value>) {
    let mut first = Stand::open(server, 1).await;
    drop(first.enter("production").await.ok());
    server.advance(60_000);
    let there = Caller::kiosk(server, 2).signed_in(server, 1).await;
    let instance = uuid();
    let body = json!({"sessionId": first.session, "instanceId": instance});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    let mut second = Stand::of(there, first.station.clone(), instance, &taken).await;
    server.advance(60_000);
    first.now = now(&first.caller).await;
    assert_eq!(first.enter("break").await.ok()["outcome"], "quarantined");
    let count = json!({"quantities": {"good": 8}});
    assert_eq!(first.act("/api/sessions/quantities", count).await.ok()["outcome"], "quarantined");
    assert_eq!(first.act("/api/calls", json!({})).await.ok()["outcome"], "quarantined");
    server.advance(60_000);
    drop(second.beat().await.ok());
    let mut end = json!({"sessionId": second.session, "action": second.stamp()});
    end["quantities"] = json!({"good": 1});
    drop(second.caller.post("/api/sessions/complete", end).await.ok());
    let list = admin.get(&format!("/api/admin/quarantine?session={}", first.session)).await.ok();
    let mut entries = list["items"].as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["seq"].as_u64());
    assert_eq!(entries.len(), 3);
    (first, entries)
}

fn path(entry: &Value, verb: &str) -> String {
    format!("/api/admin/quarantine/{}/{verb}", text(&entry["id"]))
}

#[tokio::test]
async fn entries_are_accepted_edited_and_rejected_each_as_an_amendment_and_the_bell_follows() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, entries) = waiting(&server, &admin).await;
    let mut bell = Events::open(&admin, "/api/admin/notifications/stream").await;
    let initial = bell.wait_for("initial").await;
    let rings = initial.data["notifications"].as_array().unwrap().iter().filter(|n| n["kind"] == "quarantine");
    assert!(rings.count() >= 3);

    // Nothing is written by looking.
    let draft = json!({"reason": "seen on the shift sheet"});
    let preview = admin.post(&path(&entries[0], "preview"), draft.clone()).await.ok();
    assert_ne!(preview["before"], preview["after"]);
    assert!(record(&admin, &stand.session).await["amendments"].as_array().unwrap().is_empty());
    let accepted = admin.post(&path(&entries[0], "accept"), draft.clone()).await.ok();
    assert_eq!((&accepted["before"], &accepted["after"]), (&preview["before"], &preview["after"]));
    assert_eq!(accepted["entries"][0]["decision"], "accepted");
    assert_eq!(bell.wait_for("delete").await.data["id"], entries[0]["id"]);
    let seen = record(&admin, &stand.session).await;
    let rest: Vec<_> =
        seen["statusEvents"].as_array().unwrap().iter().filter(|event| event["status"]["key"] == "break").collect();
    assert_eq!(rest.len(), 1, "it is history");
    assert_eq!(rest[0]["startedAt"], entries[0]["occurredAt"]);

    let mut edited = entries[1]["body"].clone();
    edited["quantities"]["good"] = 5.into();
    let done = admin.post(&path(&entries[1], "accept"), json!({"reason": "three were bad", "body": edited})).await.ok();
    assert_eq!(done["after"]["totals"]["good"], 6, "one was counted at the end");
    drop(admin.post(&path(&entries[2], "reject"), json!({"reason": " "})).await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.post(&path(&entries[2], "reject"), json!({"reason": "long over"})).await.ok());
    drop(admin.post(&path(&entries[2], "accept"), draft).await.problem(409, "INVALID_STATUS_TRANSITION"));

    let seen = record(&admin, &stand.session).await;
    assert_eq!(amended(&seen), ["quarantine"; 3]);
    assert_eq!(seen["amendments"][1]["new"]["body"]["quantities"]["good"], 5);
    assert_eq!(seen["amendments"][1]["old"]["body"]["quantities"]["good"], 8, "what was sent stays readable");
    let waiting = admin.get(&format!("/api/admin/quarantine?session={}", stand.session)).await.ok();
    assert_eq!(waiting["items"], json!([]));
    let decided = admin.get(&format!("/api/admin/quarantine?session={}&decided=true", stand.session)).await.ok();
    assert_eq!(decided["items"].as_array().map(Vec::len), Some(3));
    agrees(&server).await;
}

#[tokio::test]
async fn a_decision_changes_nothing_that_is_live() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut first = Stand::open(&server, 1).await;
    server.advance(60_000);
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let body = json!({"sessionId": first.session, "instanceId": uuid()});
    drop(there.post("/api/sessions/takeover", body).await.ok());
    server.advance(60_000);
    first.now = now(&first.caller).await;
    let lies = first.enter("break").await.ok();
    let counted = first.act("/api/sessions/quantities", json!({"quantities": {"good": 8}})).await.ok();
    let before = board(&server, &admin).await;
    let accept = |answer: &Value| format!("/api/admin/quarantine/{}/accept", text(&answer["quarantineId"]));
    let draft = json!({"reason": "says he"});
    drop(admin.post(&accept(&lies), draft.clone()).await.problem(409, "INVALID_STATUS_TRANSITION"));
    drop(admin.post(&accept(&counted), draft).await.ok());
    let mut after = board(&server, &admin).await;
    assert_eq!(after[0]["totals"]["good"], 8, "what was counted counts");
    after[0]["totals"] = before[0]["totals"].clone();
    after[0]["version"] = before[0]["version"].clone();
    assert_eq!(after, before);
    agrees(&server).await;
}

#[tokio::test]
async fn a_whole_session_is_decided_at_once_or_not_at_all() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, _) = waiting(&server, &admin).await;
    // One of them can't be read: then none is accepted.
    let park = json!({
        "seq": 900, "path": "/api/sessions/quantities",
        "body": {"sessionId": stand.session, "quantities": "many"},
        "problem": {"type": "about:blank", "title": "x", "status": 400, "detail": "x", "code": "INVALID_PAYLOAD"},
    });
    drop(stand.caller.post("/api/actions/park", park).await.ok());
    let whole = json!({"sessionId": stand.session, "reason": "all of it"});
    let told =
        admin.post("/api/admin/quarantine/accept", whole.clone()).await.problem(409, "INVALID_STATUS_TRANSITION");
    assert!(text(&told["detail"]).contains("900"), "it says which: {told}");
    let list = admin.get(&format!("/api/admin/quarantine?session={}", stand.session)).await.ok();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(4));
    let done = admin.post("/api/admin/quarantine/reject", whole).await.ok();
    assert_eq!(done["entries"].as_array().map(Vec::len), Some(4));
    agrees(&server).await;
}

#[tokio::test]
async fn only_supervisors_decide_and_after_a_week_only_administrators() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, entries) = waiting(&server, &admin).await;
    let draft = json!({"reason": "why"});
    drop(stand.caller.post(&path(&entries[1], "accept"), draft.clone()).await.problem(401, "UNAUTHENTICATED"));
    let sam = crate::api::supervisor(&server).await;
    drop(sam.post(&path(&entries[1], "accept"), draft.clone()).await.ok());
    server.advance(8 * 24 * 3_600_000);
    let nobody = Caller::nobody(&server);
    let login = nobody.post("/api/admin/login", json!({"username": "sam", "password": "correct horse"})).await.ok();
    let sam = nobody.with_token(&text(&login["token"]));
    drop(sam.post(&path(&entries[0], "accept"), draft.clone()).await.problem(403, "FORBIDDEN"));
    drop(Caller::admin(&server).await.post(&path(&entries[0], "accept"), draft).await.ok());
}
