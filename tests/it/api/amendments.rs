//! History put right: every kind of correction, with its preview, and everything recomputed from ledger and events
//! afterwards; sessions that a supervisor closes, and those that somebody forgot.

use super::{Stand, text};
use millrace_protocol::time::Timestamp;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

const AMENDMENTS: &str = "/api/admin/amendments";

/// An ended session: 20 s of setup, 30 s of production with 40 good and 2 scrap, 10 s of stop.
async fn worked(server: &TestServer, admin: &Caller) -> (Stand, Value) {
    let mut stand = Stand::open(server, 1).await;
    drop(stand.enter("setup").await.ok());
    later(server, &mut stand, 20).await;
    drop(stand.enter("production").await.ok());
    later(server, &mut stand, 30).await;
    let mut stop = stand.change("stop");
    stop["quantities"] = json!({"good": 40, "scrap": 2, "note": "bent"});
    drop(stand.caller.post("/api/status-events", stop).await.ok());
    later(server, &mut stand, 10).await;
    drop(stand.end().await.ok());
    let record = admin.get(&format!("/api/admin/sessions/{}", stand.session)).await.ok();
    (stand, record)
}

async fn later(server: &TestServer, stand: &mut Stand, seconds: u64) {
    server.advance(seconds * 1_000);
    drop(stand.beat().await.ok());
}

async fn agrees(server: &TestServer) {
    millrace_tests::ledger::agrees(&server.data_dir().join("millrace.db")).await;
}

/// The stretch of a record in a status.
fn stretch<'r>(record: &'r Value, key: &str) -> &'r Value {
    let events = record["statusEvents"].as_array().expect("events");
    events.iter().rev().find(|event| event["status"]["key"] == key).expect("a stretch in this status")
}

/// Adds up a session's figures from its stretches and its entries alone, and compares what an amendment says of them.
fn recomputed(record: &Value, figures: &Value) {
    let list = |name: &str| record[name].as_array().expect("a list").clone();
    let (events, entries) = (list("statusEvents"), list("quantities"));
    let sum = |of: &dyn Fn(&Value) -> bool, member: &str| -> i64 {
        entries.iter().filter(|entry| of(entry)).map(|entry| entry[member].as_i64().expect("pieces")).sum()
    };
    let all = |_: &Value| true;
    assert_eq!(figures["totals"], json!({"good": sum(&all, "good"), "scrap": sum(&all, "scrap")}), "totals");
    for step in figures["steps"].as_array().expect("steps") {
        let here = |entry: &Value| entry["stepId"] == step["stepId"];
        assert_eq!(
            (&step["good"], &step["scrap"]),
            (&json!(sum(&here, "good")), &json!(sum(&here, "scrap"))),
            "{step}"
        );
    }
    let at = |moment: &Value| serde_json::from_value::<Timestamp>(moment.clone()).expect("a moment").millis();
    let lasted = |of: &dyn Fn(&Value) -> bool| -> i64 {
        let of = events.iter().filter(|event| of(event));
        of.map(|event| at(&event["endedAt"]) - at(&event["startedAt"])).sum()
    };
    for status in figures["statuses"].as_array().expect("statuses") {
        let in_it = |event: &Value| event["statusDefinitionId"] == status["statusDefinitionId"];
        assert_eq!(status["timeMs"], lasted(&in_it), "{status}");
    }
    for class in figures["timeClasses"].as_array().expect("classes") {
        assert_eq!(class["timeMs"], lasted(&|event: &Value| event["timeClass"] == class["timeClass"]), "{class}");
    }
    for item in figures["items"].as_array().expect("items") {
        // Nobody else works on it here.
        assert_eq!(item["timeMs"], lasted(&|event: &Value| event["jobItemId"] == item["jobItemId"]), "{item}");
        let its = |entry: &Value| entry["jobItemId"] == item["jobItemId"];
        assert_eq!(item["completedScrap"], sum(&its, "scrap"), "{item}");
    }
    assert_eq!(
        (&figures["startedAt"], &figures["endedAt"]),
        (&events[0]["startedAt"], &events[events.len() - 1]["endedAt"])
    );
    assert_eq!(
        (&figures["startedAt"], &figures["endedAt"]),
        (&record["session"]["startedAt"], &record["session"]["endedAt"])
    );
    assert_eq!(figures["workerName"], record["session"]["workerName"]);
    for pair in events.windows(2) {
        assert_eq!(pair[0]["endedAt"], pair[1]["startedAt"], "no hole and no overlap");
    }
}

/// Previews and does a correction; what was promised comes, and is what can be added up.
async fn amended(server: &TestServer, admin: &Caller, draft: Value) -> Value {
    let session = |answer: &Value| text(&answer["amendment"]["sessionId"]);
    let promised = admin.post(&format!("{AMENDMENTS}/preview"), draft.clone()).await.ok();
    let path = format!("/api/admin/sessions/{}", session(&promised));
    let untouched = admin.get(&path).await.ok();
    let done = admin.post(AMENDMENTS, draft).await.ok();
    assert_eq!((&done["before"], &done["after"]), (&promised["before"], &promised["after"]), "what was promised");
    let words = ["reason", "report"].map(Value::from).contains(&done["amendment"]["kind"]);
    assert_eq!(done["before"] == done["after"], words, "figures change, but by words alone");
    assert_ne!(done["amendment"]["old"], done["amendment"]["new"]);
    let record = admin.get(&path).await.ok();
    recomputed(&untouched, &done["before"]);
    recomputed(&record, &done["after"]);
    let count = |record: &Value| record["amendments"].as_array().map_or(0, Vec::len);
    assert_eq!(count(&record), count(&untouched) + 1, "a preview writes nothing");
    agrees(server).await;
    done
}

#[tokio::test]
async fn counts_are_put_right_and_the_ledger_keeps_both() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (_stand, record) = worked(&server, &admin).await;
    let entry = &record["quantities"][0];
    let draft = json!({"kind": "count", "entryId": entry["id"], "good": 35, "scrap": 2, "reason": "recounted"});
    let done = amended(&server, &admin, draft.clone()).await;
    assert_eq!(done["after"]["totals"], json!({"good": 35, "scrap": 2}));
    drop(admin.post(AMENDMENTS, draft).await.problem(409, "INVALID_STATUS_TRANSITION"));
    let path = format!("/api/admin/sessions/{}", text(&record["session"]["id"]));
    let after = admin.get(&path).await.ok();
    assert_eq!(after["quantities"].as_array().map(Vec::len), Some(2), "the first stays as it was counted");
    assert_eq!(after["session"]["totals"]["good"], 35);
    let added = json!({
        "kind": "addedCount", "statusEventId": stretch(&record, "production")["id"], "good": 5, "scrap": 0,
        "reason": "a box was forgotten",
    });
    assert_eq!(amended(&server, &admin, added).await["after"]["totals"]["good"], 40);
    drop(admin.post(AMENDMENTS, json!({"kind": "count", "reason": "x"})).await.problem(400, "INVALID_PAYLOAD"));
    // The session's amendments in their order, page by page.
    let of_session = format!("{AMENDMENTS}?sessionId={}", text(&record["session"]["id"]));
    let first = admin.get(&format!("{of_session}&limit=1")).await.ok();
    let rest = admin.get(&format!("{of_session}&limit=1&cursor={}", text(&first["nextCursor"]))).await.ok();
    let kinds = [&first, &rest].map(|page| page["items"].as_array().unwrap().iter().map(|one| text(&one["kind"])));
    assert_eq!(kinds.map(Iterator::collect::<Vec<_>>), [["count"], ["addedCount"]]);
    assert_eq!(rest["nextCursor"], Value::Null);
}

#[tokio::test]
async fn item_status_reason_and_boundary_of_a_stretch_are_put_right() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, record) = worked(&server, &admin).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "AMEND-1"})).await.ok()["id"]);
    let steps = json!([{"stationId": stand.station}]);
    let draft = json!({"name": "The right part", "plannedQuantity": 100, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    let production = stretch(&record, "production");
    let moved = json!({
        "kind": "item", "statusEventId": production["id"], "jobItemId": item["id"],
        "stepId": item["steps"][0]["id"], "reason": "wrong item",
    });
    let done = amended(&server, &admin, moved).await;
    let right = done["after"]["items"].as_array().expect("items").iter().find(|i| i["jobItemId"] == item["id"]);
    let right = right.expect("the right item");
    assert_eq!((&right["completedGood"], &right["completedScrap"]), (&json!(40), &json!(2)), "pieces move with it");
    assert!(right["timeMs"].as_u64().is_some_and(|time| time >= 30_000), "and its time: {right}");

    let cleaning = stand.status("cleaning");
    let status = json!({
        "kind": "status", "statusEventId": stretch(&record, "stop")["id"], "statusDefinitionId": cleaning,
        "reason": "it was being cleaned",
    });
    let done = amended(&server, &admin, status).await;
    let statuses = done["after"]["statuses"].as_array().expect("statuses");
    assert!(statuses.iter().any(|status| status["statusDefinitionId"] == cleaning.as_str()), "{done}");

    // He had begun to produce 5 s earlier: the stretch before it, the binding of its item, gives way.
    let before = admin.get(&format!("/api/admin/sessions/{}", stand.session)).await.ok();
    let events = before["statusEvents"].as_array().expect("events");
    let place = events.iter().position(|event| event["id"] == production["id"]).expect("is there");
    let stopped = &events[place + 1];
    let moment = |value: &Value| serde_json::from_value::<Timestamp>(value.clone()).expect("a moment");
    let earlier = moment(&stopped["startedAt"]).plus_millis(-5_000);
    let boundary = json!({
        "kind": "boundary", "statusEventId": stopped["id"], "startedAt": earlier, "reason": "it stopped 5 s earlier",
    });
    let done = amended(&server, &admin, boundary).await;
    let produced = |figures: &Value| {
        let classes = figures["timeClasses"].as_array().expect("classes");
        let class = classes.iter().find(|class| class["timeClass"] == "production").expect("it produced");
        class["timeMs"].as_i64().expect("a time")
    };
    assert_eq!(produced(&done["before"]) - produced(&done["after"]), 5_000, "{done}");
    let beyond = json!({
        "kind": "boundary", "statusEventId": production["id"], "startedAt": "2001-01-01T00:00:00.000Z", "reason": "x",
    });
    drop(admin.post(AMENDMENTS, beyond).await.problem(409, "INVALID_STATUS_TRANSITION"));
}

#[tokio::test]
async fn reason_and_report_get_other_words_and_no_figure_changes() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, record) = worked(&server, &admin).await;
    let reasons = stand.caller.get(&format!("/api/reasons?stationId={}&type=stop", stand.station)).await.ok();
    let why = reasons["reasons"][0]["id"].clone();
    let stop = stretch(&record, "stop")["id"].clone();
    let draft =
        json!({"kind": "reason", "statusEventId": stop, "reasonId": why, "note": "no bars", "reason": "asked him"});
    drop(amended(&server, &admin, draft.clone()).await);
    drop(admin.post(AMENDMENTS, draft).await.problem(409, "INVALID_STATUS_TRANSITION"));
    let now = admin.get(&format!("/api/admin/sessions/{}", stand.session)).await.ok();
    assert_eq!((&stretch(&now, "stop")["reasonId"], &stretch(&now, "stop")["note"]), (&why, &json!("no bars")));
    let scrap = &now["reports"][0];
    let draft = json!({"kind": "report", "reportId": scrap["id"], "description": "cracked", "reason": "looked at it"});
    drop(amended(&server, &admin, draft).await);
    let report = admin.get(&format!("/api/admin/reports/{}", text(&scrap["id"]))).await.ok();
    assert_eq!((&report["description"], &report["scrap"]), (&json!("cracked"), &json!(2)));
    assert_eq!(report["changedBy"], server.ready["admin"]["username"]);
    assert_eq!(report["version"].as_u64(), scrap["version"].as_u64().map(|version| version + 1));
}

#[tokio::test]
async fn a_report_that_moves_with_its_stretch_says_when_and_by_whom() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (stand, record) = worked(&server, &admin).await;
    let job = text(&admin.post("/api/admin/jobs", json!({"number": "AMEND-2"})).await.ok()["id"]);
    let draft = json!({"name": "The right part", "plannedQuantity": 9, "steps": [{"stationId": stand.station}]});
    let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
    server.advance(60_000);
    let moved = json!({
        "kind": "item", "statusEventId": stretch(&record, "production")["id"], "jobItemId": item["id"],
        "stepId": item["steps"][0]["id"], "reason": "wrong item",
    });
    drop(amended(&server, &admin, moved).await);
    let before = &record["reports"][0];
    let after = admin.get(&format!("/api/admin/reports/{}", text(&before["id"]))).await.ok();
    assert_eq!((&after["jobItemId"], &after["changedBy"]), (&item["id"], &server.ready["admin"]["username"]));
    assert!(text(&after["changedAt"]) > text(&before["changedAt"]), "{after}");
}

#[tokio::test]
async fn a_session_began_earlier_or_later_and_was_somebodys_who_left_since() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (_stand, record) = worked(&server, &admin).await;
    let session = record["session"]["id"].clone();
    let began = serde_json::from_value::<Timestamp>(record["session"]["startedAt"].clone()).expect("a moment");
    for (to, reason) in [(-60_000, "he was there before"), (0, "no, he was not")] {
        let at = began.plus_millis(to);
        let draft = json!({"kind": "start", "sessionId": session, "startedAt": at, "reason": reason});
        assert_eq!(amended(&server, &admin, draft).await["after"]["startedAt"], json!(at));
    }
    let beyond = json!({
        "kind": "start", "sessionId": session, "startedAt": record["session"]["endedAt"], "reason": "no stretch is lost",
    });
    drop(admin.post(AMENDMENTS, beyond).await.problem(409, "INVALID_STATUS_TRANSITION"));

    let left = json!({"code": "9911", "name": "Left Since", "language": "en", "active": true});
    let worker = admin.post("/api/admin/workers", left.clone()).await.ok();
    let mut out = left;
    out["active"] = false.into();
    drop(admin.put(&format!("/api/admin/workers/{}", text(&worker["id"])), &worker["version"], out).await.ok());
    let draft = |id: &Value| json!({"kind": "worker", "sessionId": session, "workerId": id, "reason": "she stood in"});
    assert_eq!(amended(&server, &admin, draft(&worker["id"])).await["after"]["workerName"], "Left Since");
    drop(admin.post(AMENDMENTS, draft(&json!(super::uuid()))).await.problem(404, "NOT_FOUND"));
}

#[tokio::test]
async fn worker_and_end_of_a_session_are_put_right_by_those_who_may() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (_stand, record) = worked(&server, &admin).await;
    let session = record["session"]["id"].clone();
    let workers = admin.get("/api/admin/workers?limit=2").await.ok();
    let another =
        workers["items"].as_array().expect("a list").iter().find(|w| w["id"] != record["session"]["workerId"]);
    let worker = another.expect("another worker")["id"].clone();
    let draft = json!({"kind": "worker", "sessionId": session, "workerId": worker, "reason": "she stood in"});
    assert_ne!(amended(&server, &admin, draft).await["after"]["workerName"], record["session"]["workerName"]);
    let last = stretch(&record, "stop");
    let draft = json!({"kind": "end", "sessionId": session, "endedAt": last["startedAt"], "reason": "he had left"});
    let done = amended(&server, &admin, draft).await;
    assert_eq!(done["after"]["endedAt"], last["startedAt"]);
    server.advance(8 * 24 * 60 * 60 * 1_000);
    let (admin, supervisor) = (Caller::admin(&server).await, super::supervisor(&server).await);
    let late = json!({"kind": "end", "sessionId": session, "endedAt": record["session"]["endedAt"], "reason": "no"});
    drop(supervisor.post(AMENDMENTS, late.clone()).await.problem(403, "FORBIDDEN"));
    drop(admin.post(AMENDMENTS, late).await.ok());
}

#[tokio::test]
async fn a_worker_puts_his_own_count_right_while_his_session_is_open() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    let count = json!({"sessionId": stand.session, "quantities": {"good": 12}, "action": stand.stamp()});
    let entry = stand.caller.post("/api/sessions/quantities", count).await.ok()["entry"]["id"].clone();
    let correction = json!({"kind": "count", "entryId": entry, "good": 10, "scrap": 0});
    let body = json!({"sessionId": stand.session, "correction": correction, "action": stand.stamp()});
    let answer = stand.caller.post("/api/sessions/corrections", body).await.ok();
    assert_eq!((&answer["outcome"], &answer["session"]["totals"]["good"]), (&json!("applied"), &json!(10)));
    let own = stand.caller.get(&format!("/api/sessions/{}", stand.session)).await.ok();
    assert_eq!(own["entries"].as_array().map(Vec::len), Some(2));
    let end = json!({"kind": "end", "sessionId": stand.session, "endedAt": stand.now});
    let body = json!({"sessionId": stand.session, "correction": end, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/corrections", body).await.problem(409, "INVALID_STATUS_TRANSITION"));
    let listed = admin.get(&format!("{AMENDMENTS}?sessionId={}", stand.session)).await.ok();
    let actor = text(&listed["items"][0]["actor"]);
    assert!(actor.starts_with("worker "), "{actor}");
    agrees(&server).await;
}

#[tokio::test]
async fn a_supervisor_closes_a_session_and_it_stays_closed() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    later(&server, &mut stand, 20).await;
    let path = format!("/api/admin/sessions/{}/close", stand.session);
    drop(admin.post(&path, json!({"reason": "  "})).await.problem(400, "INVALID_PAYLOAD"));
    let future = json!({"reason": "x", "endedAt": "2999-01-01T00:00:00.000Z"});
    drop(admin.post(&path, future).await.problem(409, "INVALID_STATUS_TRANSITION"));
    let mut events = Events::open(&stand.caller, "/api/kiosk/stream").await;
    drop(events.wait_for("initial").await);
    let closed = admin.post(&path, json!({"reason": "went home"})).await.ok();
    let told = events.wait_for("session_closed").await.data;
    let who = json!(["admin", "went home"]);
    assert_eq!(json!([told["by"], told["note"]]), who, "its worker is told by whom and why: {told}");
    assert_eq!(
        (&closed["session"]["status"], &closed["session"]["closeReason"]),
        (&json!("aborted"), &json!("forced"))
    );
    assert_eq!(closed["session"]["countMissing"], true, "nobody counted what ran");
    drop(admin.post(&path, json!({"reason": "again"})).await.problem(410, "SESSION_NOT_ACTIVE"));
    let said = stand.beat().await.problem(410, "SESSION_NOT_ACTIVE");
    assert_eq!(json!([said["by"], said["note"]]), who, "also where no stream told it");
    let other = Caller::kiosk(&server, 2).post("/api/sessions/heartbeat", stand.heart()).await;
    let said = other.problem(410, "SESSION_NOT_ACTIVE");
    assert!(said["note"].is_null(), "and nobody else: {said}");
    let listed = admin.get("/api/admin/sessions?limit=1&status=aborted").await.ok();
    assert_eq!(listed["items"][0]["id"], stand.session.as_str());
    agrees(&server).await;
}

#[tokio::test]
async fn a_forgotten_session_is_asked_about_then_closed_and_an_answered_one_is_not() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut gone, mut here) = (Stand::open(&server, 1).await, Stand::open(&server, 2).await);
    let shown =
        |board: &[Value], stand: &Stand| board.iter().find(|session| session["id"] == stand.session.as_str()).cloned();
    crate::engine::asked::long_at_work(&server).await;
    // The kiosks are in contact all the time.
    let mut board = vec![];
    for _ in 0..2 * 60 {
        later(&server, &mut gone, 60).await;
        drop(here.beat().await.ok());
        board = super::board(&server, &admin).await;
        if shown(&board, &gone).is_some_and(|session| session["askedAt"].is_string()) {
            break;
        }
    }
    assert!(shown(&board, &gone).is_some_and(|session| session["askedAt"].is_string()), "it is asked for");
    let body = json!({"sessionId": here.session, "action": here.stamp()});
    drop(here.caller.post("/api/sessions/still-here", body).await.ok());
    // In small steps: over a leap of a minute the server would not have been listening.
    for _ in 0..36 {
        drop(here.beat().await.ok());
        server.advance(20_000);
        drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
        drop(gone.beat().await);
    }
    let board = super::board(&server, &admin).await;
    assert!(shown(&board, &gone).is_none(), "closed");
    assert!(shown(&board, &here).is_some_and(|session| session["askedAt"].is_null()), "somebody is still there");
    let record = admin.get(&format!("/api/admin/sessions/{}", gone.session)).await.ok();
    assert_eq!(
        (&record["session"]["closeReason"], &record["session"]["provisional"]),
        (&json!("forgotten"), &json!(true))
    );
}
