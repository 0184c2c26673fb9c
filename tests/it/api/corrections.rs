//! What a worker puts right himself: by the rules that he worked under, in his own time, and in nobody else's.

use super::{Stand, board, station, text, uuid};
use millrace_protocol::time::Timestamp;
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

async fn correct(stand: &mut Stand, correction: Value, note: Option<&str>) -> Answer {
    let mut body = json!({"sessionId": stand.session, "correction": correction, "action": stand.stamp()});
    if let Some(note) = note {
        body["note"] = note.into();
    }
    stand.caller.post("/api/sessions/corrections", body).await
}

async fn count(stand: &mut Stand, quantities: Value) -> Answer {
    let body = json!({"sessionId": stand.session, "quantities": quantities, "action": stand.stamp()});
    stand.caller.post("/api/sessions/quantities", body).await
}

/// The session as its worker reads it.
async fn own(stand: &Stand) -> Value {
    stand.caller.get(&format!("/api/sessions/{}", stand.session)).await.ok()
}

async fn later(server: &TestServer, stand: &mut Stand) {
    server.advance(10_000);
    drop(stand.beat().await.ok());
}

async fn agrees(server: &TestServer) {
    millrace_tests::ledger::agrees(&server.data_dir().join("millrace.db")).await;
}

/// An item of one step at a station.
async fn item(admin: &Caller, station: &str, number: &str, approval: bool) -> Value {
    let job = text(&admin.post("/api/admin/jobs", json!({"number": number})).await.ok()["id"]);
    let steps = json!([{"stationId": station, "firstProductApproval": approval}]);
    let draft = json!({"name": number, "plannedQuantity": 5, "steps": steps});
    admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok()
}

async fn bind(stand: &mut Stand, item: &Value) -> Answer {
    let body = json!({
        "sessionId": stand.session, "jobItemId": item["id"], "stepId": item["steps"][0]["id"], "action": stand.stamp(),
    });
    stand.caller.post("/api/sessions/bind-job-item", body).await
}

fn stretch(own: &Value, key: &str) -> Value {
    let events = own["statusEvents"].as_array().expect("events");
    events.iter().rev().find(|event| event["status"]["key"] == key).expect("a stretch in this status")["id"].clone()
}

#[tokio::test]
async fn a_former_owner_corrects_what_is_over_of_his_own_and_nothing_else() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut first = Stand::open(&server, 1).await;
    later(&server, &mut first).await;
    drop(first.enter("production").await.ok());
    later(&server, &mut first).await;
    let counted = count(&mut first, json!({"good": 5})).await.ok()["entry"]["id"].clone();
    let inside = first.now.clone();
    later(&server, &mut first).await;
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let instance = uuid();
    let body = json!({"sessionId": first.session, "instanceId": instance});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    let mut second = Stand::of(there, first.station.clone(), instance, &taken).await;
    later(&server, &mut second).await;
    let theirs = count(&mut second, json!({"good": 7})).await.ok()["entry"]["id"].clone();
    let other = item(&admin, &first.station, "FENCE-1", false).await;
    let open = stretch(&own(&second).await, "production");
    let (setup, before) = (first.status("setup"), board(&server, &admin).await);
    let reasons = second.caller.get(&format!("/api/reasons?stationId={}&type=stop", first.station)).await.ok();
    let why = reasons["reasons"][0]["id"].clone();
    // It knows the ids of the other's time, and says that it tapped in its own.
    first.now = inside;
    for theirs in [
        json!({"kind": "item", "statusEventId": open, "jobItemId": other["id"], "stepId": other["steps"][0]["id"]}),
        json!({"kind": "status", "statusEventId": open, "statusDefinitionId": setup}),
        json!({"kind": "reason", "statusEventId": open, "reasonId": why}),
        json!({"kind": "boundary", "statusEventId": open, "startedAt": first.now}),
        json!({"kind": "addedCount", "statusEventId": open, "good": 9, "scrap": 0}),
        json!({"kind": "count", "entryId": theirs, "good": 1, "scrap": 0}),
    ] {
        assert_eq!(correct(&mut first, theirs.clone(), None).await.ok()["outcome"], "quarantined", "{theirs}");
    }
    assert_eq!(board(&server, &admin).await, before, "nothing of the new owner's has changed");
    let stop = stretch(&own(&second).await, "stop");
    let his = [
        json!({"kind": "reason", "statusEventId": stop, "reasonId": why}),
        json!({"kind": "count", "entryId": counted, "good": 4, "scrap": 0}),
        json!({"kind": "status", "statusEventId": stop, "statusDefinitionId": setup}),
    ];
    for his in his {
        assert_eq!(correct(&mut first, his.clone(), None).await.ok()["outcome"], "late", "{his}");
    }
    let after = &board(&server, &admin).await[0];
    for live in ["currentStatusId", "lastStatusChangeAt", "jobItemId", "stepId", "reasonMissingFrom"] {
        assert_eq!(after[live], before[0][live], "{live}");
    }
    assert_eq!(after["totals"]["good"], 11, "his own count is put right");
    agrees(&server).await;
}

#[tokio::test]
async fn a_worker_corrects_nothing_into_production_that_was_not_approved() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let asks = item(&admin, &station(&server, 1), "GATE-1", true).await;
    drop(stand.enter("production").await.ok());
    later(&server, &mut stand).await;
    let producing = stretch(&own(&stand).await, "production");
    let moved = json!({
        "kind": "item", "statusEventId": producing, "jobItemId": asks["id"], "stepId": asks["steps"][0]["id"],
    });
    drop(correct(&mut stand, moved, None).await.problem(409, "APPROVAL_REQUIRED"));
    drop(stand.enter("setup").await.ok());
    drop(bind(&mut stand, &asks).await.ok());
    later(&server, &mut stand).await;
    let setup = stretch(&own(&stand).await, "setup");
    let produced = json!({"kind": "status", "statusEventId": setup, "statusDefinitionId": stand.status("production")});
    drop(correct(&mut stand, produced.clone(), None).await.problem(409, "APPROVAL_REQUIRED"));
    let asked = json!({"sessionId": stand.session, "action": stand.stamp()});
    let asked = stand.caller.post("/api/approvals", asked).await.ok()["approval"]["id"].clone();
    drop(admin.post(&format!("/api/admin/approvals/{}/approve", text(&asked)), json!({})).await.ok());
    later(&server, &mut stand).await;
    drop(correct(&mut stand, produced, None).await.problem(409, "APPROVAL_REQUIRED"));
    drop(stand.enter_bound("production").await.ok());
    later(&server, &mut stand).await;
    // From the moment of the approval on, and not before it.
    let producing = stretch(&own(&stand).await, "production");
    let began = |millis: i64, own: &Value| {
        let events = own["statusEvents"].as_array().expect("events");
        let event = events.iter().find(|event| event["id"] == producing).expect("is there");
        let at = serde_json::from_value::<Timestamp>(event["startedAt"].clone()).expect("a moment");
        json!({"kind": "boundary", "statusEventId": producing, "startedAt": at.plus_millis(millis)})
    };
    let now = own(&stand).await;
    drop(correct(&mut stand, began(-15_000, &now), None).await.problem(409, "APPROVAL_REQUIRED"));
    drop(correct(&mut stand, began(1_000, &now), None).await.ok());
    agrees(&server).await;
}

#[tokio::test]
async fn a_setup_that_was_none_costs_no_approval_and_one_of_before_changes_none() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let asks = item(&admin, &station(&server, 1), "SETUP-1", true).await;
    drop(bind(&mut stand, &asks).await.ok());
    let asked = json!({"sessionId": stand.session, "action": stand.stamp()});
    let asked = stand.caller.post("/api/approvals", asked).await.ok()["approval"]["id"].clone();
    drop(admin.post(&format!("/api/admin/approvals/{}/approve", text(&asked)), json!({})).await.ok());
    later(&server, &mut stand).await;
    let pause = stand.status("break");
    let was_none = |event: &Value| json!({"kind": "status", "statusEventId": event, "statusDefinitionId": pause});
    let setup = stand.enter_bound("setup").await.ok()["statusEvent"]["id"].clone();
    drop(stand.enter_bound("production").await.problem(409, "APPROVAL_REQUIRED"));
    drop(correct(&mut stand, was_none(&setup), None).await.ok());
    drop(stand.enter_bound("production").await.ok());
    later(&server, &mut stand).await;
    // The second of two setups stands, whatever the first was.
    let setup = stand.enter_bound("setup").await.ok()["statusEvent"]["id"].clone();
    later(&server, &mut stand).await;
    drop(stand.enter_bound("break").await.ok());
    later(&server, &mut stand).await;
    drop(stand.enter_bound("setup").await.ok());
    drop(correct(&mut stand, was_none(&setup), None).await.ok());
    drop(stand.enter_bound("production").await.problem(409, "APPROVAL_REQUIRED"));
}

#[tokio::test]
async fn a_tap_is_judged_by_the_approval_that_was_in_force_then() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let asks = item(&admin, &station(&server, 1), "THEN-1", true).await;
    drop(bind(&mut stand, &asks).await.ok());
    let asked = json!({"sessionId": stand.session, "action": stand.stamp()});
    let asked = stand.caller.post("/api/approvals", asked).await.ok()["approval"]["id"].clone();
    server.advance(10_000);
    drop(admin.post(&format!("/api/admin/approvals/{}/approve", text(&asked)), json!({})).await.ok());
    let early = stand.enter_bound("production").await.problem(409, "APPROVAL_REQUIRED");
    assert_eq!(early["approval"], "pending", "when he tapped, nobody had approved");
    later(&server, &mut stand).await;
    drop(stand.enter_bound("production").await.ok());
    let inside = stand.now.clone();
    later(&server, &mut stand).await;
    // Another kiosk takes over and sets up: what the first had tapped before was approved.
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let instance = uuid();
    let body = json!({"sessionId": stand.session, "instanceId": instance});
    let taken = there.post("/api/sessions/takeover", body).await.ok();
    let mut second = Stand::of(there, stand.station.clone(), instance, &taken).await;
    drop(second.enter("setup").await.ok());
    drop(second.enter_bound("production").await.problem(409, "APPROVAL_REQUIRED"));
    stand.now = inside;
    assert_eq!(stand.enter_bound("rework").await.ok()["outcome"], "late");
    agrees(&server).await;
}

#[tokio::test]
async fn scrap_that_a_worker_corrects_says_why() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    let entry = count(&mut stand, json!({"good": 12})).await.ok()["entry"]["id"].clone();
    let scrapped = json!({"kind": "count", "entryId": entry, "good": 10, "scrap": 2});
    drop(correct(&mut stand, scrapped.clone(), None).await.problem(422, "INVALID_QUANTITIES"));
    drop(correct(&mut stand, scrapped.clone(), Some("  ")).await.problem(422, "INVALID_QUANTITIES"));
    drop(correct(&mut stand, scrapped.clone(), Some("a\0b")).await.problem(400, "INVALID_PAYLOAD"));
    drop(correct(&mut stand, scrapped.clone(), Some(&"x".repeat(501))).await.problem(400, "INVALID_PAYLOAD"));
    drop(correct(&mut stand, scrapped, Some(" bent ")).await.ok());
    let reports = admin.get("/api/admin/reports?type=scrap").await.ok();
    assert_eq!((&reports["items"][0]["scrap"], &reports["items"][0]["description"]), (&json!(2), &json!("bent")));
    agrees(&server).await;
}

#[tokio::test]
async fn a_missing_count_is_missing_until_its_own_item_is_counted() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let place = station(&server, 1);
    let (one, other) = (item(&admin, &place, "MISS-1", false).await, item(&admin, &place, "MISS-2", false).await);
    let missing = async |stand: &Stand| own(stand).await["session"]["countMissing"].clone();
    drop(bind(&mut stand, &one).await.ok());
    drop(stand.enter_bound("production").await.ok());
    later(&server, &mut stand).await;
    drop(bind(&mut stand, &other).await.ok());
    assert_eq!(missing(&stand).await, true, "switched without a count");
    later(&server, &mut stand).await;
    drop(count(&mut stand, json!({"good": 3})).await.ok());
    assert_eq!(missing(&stand).await, true, "another item's count is none of it");
    later(&server, &mut stand).await;
    let uncounted = own(&stand).await["statusEvents"]
        .as_array()
        .expect("events")
        .iter()
        .find(|event| event["jobItemId"] == one["id"] && event["status"]["key"] == "production")
        .expect("it ran")["id"]
        .clone();
    let added = json!({"kind": "addedCount", "statusEventId": uncounted, "good": 4, "scrap": 0});
    drop(correct(&mut stand, added, None).await.ok());
    assert_eq!(missing(&stand).await, false, "he counted it after all");
    let mut stop = stand.change("stop");
    stop["quantities"] = Value::Null;
    stop.as_object_mut().expect("a body").remove("quantities");
    drop(stand.caller.post("/api/status-events", stop).await.ok());
    assert_eq!(missing(&stand).await, true);
    later(&server, &mut stand).await;
    drop(count(&mut stand, json!({"good": 1})).await.ok());
    assert_eq!(missing(&stand).await, false, "the same item, afterwards");
    agrees(&server).await;
}

#[tokio::test]
async fn a_stop_asks_after_five_minutes_at_the_start_three_later_and_after_the_stations_own() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let asked = async |stand: &Stand| {
        let session = own(stand).await["session"].clone();
        let at = |member: &str| serde_json::from_value::<Option<Timestamp>>(session[member].clone()).expect("a moment");
        at("reasonMissingFrom").map(|from| from.millis_since(at("lastStatusChangeAt").expect("since when")))
    };
    assert_eq!(asked(&stand).await, Some(300_000), "the stop it starts in");
    later(&server, &mut stand).await;
    drop(stand.enter("setup").await.ok());
    assert_eq!(asked(&stand).await, None);
    drop(stand.enter("stop").await.ok());
    assert_eq!(asked(&stand).await, Some(180_000));
    // The reason is given, and taken away again: it lacks one as before.
    let reasons = stand.caller.get(&format!("/api/reasons?stationId={}&type=stop", stand.station)).await.ok();
    let stop = stretch(&own(&stand).await, "stop");
    let because = |why: &Value| json!({"kind": "reason", "statusEventId": stop, "reasonId": why});
    drop(correct(&mut stand, because(&reasons["reasons"][0]["id"]), None).await.ok());
    assert_eq!(asked(&stand).await, None);
    drop(correct(&mut stand, because(&Value::Null), None).await.ok());
    assert_eq!(asked(&stand).await, Some(180_000));
    let path = format!("/api/admin/stations/{}", stand.station);
    let station = admin.get(&path).await.ok();
    let mut draft = json!({"minorStopMs": 60_000});
    for member in ["code", "name", "type", "areaId", "active", "attended"] {
        draft[member] = station[member].clone();
    }
    drop(admin.put(&path, &station["version"], draft).await.ok());
    drop(stand.enter("setup").await.ok());
    drop(stand.enter("stop").await.ok());
    assert_eq!(asked(&stand).await, Some(60_000));
}

#[tokio::test]
async fn why_a_machine_stands_is_handed_over_with_it() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let reasons = stand.caller.get(&format!("/api/reasons?stationId={}&type=stop", stand.station)).await.ok();
    let why = reasons["reasons"][0]["id"].clone();
    let mut stop = stand.change("stop");
    (stop["reasonId"], stop["note"]) = (why.clone(), "no bars".into());
    drop(stand.caller.post("/api/status-events", stop).await.ok());
    let next = Caller::kiosk(&server, 1).signed_in(&server, 2).await;
    let body = json!({"sessionId": stand.session, "stationId": stand.station, "instanceId": uuid()});
    let taken = next.post("/api/sessions/handover", body).await.ok();
    assert_eq!(taken["session"]["reasonMissingFrom"], Value::Null);
    let record = next.get(&format!("/api/sessions/{}", text(&taken["session"]["id"]))).await.ok();
    let event = &record["statusEvents"][0];
    assert_eq!((&event["reasonId"], &event["note"]), (&why, &json!("no bars")));
}
