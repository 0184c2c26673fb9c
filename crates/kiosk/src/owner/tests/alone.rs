//! A kiosk bound to a station, without its server: who stands here, what begins, what is sent afterwards.

use super::*;
use crate::outbox::PARK;
use crate::view::TakingOver;
use millrace_protocol::quantity::Quantities;
use sha2::{Digest, Sha256};

const OTHER: &str = "00000000-0000-7000-8000-000000000022";
const OPEN: &str = "/api/sessions";
const HAND_OVER: &str = "/api/sessions/handover";
const EVENTS: &str = "/api/status-events";

fn worker(id: &str, code: &str, name: &str, has_pin: bool) -> Value {
    let badge = hex::encode(Sha256::digest(format!("badge of {code}").as_bytes()));
    json!({"worker": {"id": id, "code": code, "name": name, "language": "en"}, "hasPin": has_pin, "badges": [badge],
        "outsideAssignment": code == "W2"})
}

fn provisions(offline_start: bool, occupancy: &Value) -> Value {
    let status = |id: &str, key: &str, state: &str| {
        json!({"id": id, "key": key, "labels": {"en": key}, "color": "#1B7A3D", "machineState": state,
            "timeClass": "production", "reasonWanted": "never", "reportType": "none", "protected": true})
    };
    json!({"asOf": "2030-01-01T00:00:00.000Z", "offlineStart": offline_start,
        "station": {"id": STATION, "code": "S1", "name": "Lathe", "type": "lathe", "areaId": null, "area": null,
            "active": true, "attended": true, "minorStopMs": null, "untouchedMs": null, "startChecklistId": null, "endChecklistId": null,
            "version": 1, "occupancy": occupancy},
        "workers": [worker(server::WORKER, "W1", "Ada", false), worker(OTHER, "W2", "Bo", true)],
        "statuses": [status(STOP, "stop", "stoppage"), status(RUNS, "production", "production")],
        "reasons": {"stop": [], "malfunction": [], "general": [], "scrap": []},
        "checklists": {"start": null, "end": null}, "jobItems": []})
}

/// A kiosk that has its provisions, and then lost its server.
async fn provided(server: &Server, provisions: &Value) -> Kiosk {
    server.always("/api/kiosks/provisions", ok(provisions));
    let kiosk = Kiosk::of(server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    kiosk.unplugged().await;
    kiosk
}

async fn opens(kiosk: &Kiosk) -> Result<(), CommandError> {
    kiosk.engine.open(STATION.parse().expect("an id"), None).await
}

/// Until what tells the other worker's PIN is on the disk.
async fn has_heard_the_pin(kiosk: &Kiosk) {
    let kept = async {
        while kiosk.store.recall::<String>(&format!("pin:{OTHER}")).await.expect("reads").is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), kept).await.expect("in time");
}

fn free() -> Value {
    Value::Null
}

fn opened(outcome: &str, version: u32) -> Value {
    let mut session = session(version);
    session["startedOffline"] = json!(true);
    json!({"outcome": outcome, "session": session, "epoch": 1, "lease": {"ttlMs": 300_000, "nextMs": 15_000},
        "serverTime": null})
}

#[tokio::test]
async fn a_cold_start_without_the_server_begins_works_and_ends_and_sends_it_all_in_order() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = provided(&server, &provisions(true, &free())).await.restarted().await;
    let known = kiosk.engine.view().provisions.expect("provisions");
    assert_eq!((known.known_as_of.to_string().as_str(), known.offline_start), ("2030-01-01T00:00:00.000Z", true));
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
    kiosk.engine.sign_in(" badge of W1 ".into(), None).await.expect("is known");
    let view = kiosk.engine.view();
    assert_eq!((view.worker.expect("a worker").name.as_str(), view.unverified), ("Ada", true));
    opens(&kiosk).await.expect("begins");
    let own = kiosk.engine.view().session.expect("a session");
    assert!(own.unsent && own.session.started_offline && own.epoch == 1);
    assert_eq!(own.session.current_status.expect("a status").key, "stop");
    kiosk.engine.call(None).await.expect("saves");

    let kiosk = kiosk.restarted().await;
    let again = kiosk.engine.view().session.expect("the same session");
    assert_eq!((again.session.id, again.unsent), (own.session.id, true));
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
    kiosk.engine.end(Ending::default()).await.expect("saves");
    assert_eq!(kiosk.engine.view().waiting, 3);

    server.always(OPEN, ok(&opened("applied", 1)));
    kiosk.plugged_in(&server).await;
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(server.sent_to(), [OPEN, "/api/calls", "/api/sessions/complete"]);
    let sent = parsed(&server.asked(OPEN)[0]);
    assert_eq!(sent["id"], json!(own.session.id));
    assert_eq!(sent["action"]["instanceId"], sent["instanceId"]);
    assert_eq!((&sent["action"]["epoch"], &sent["action"]["seq"]), (&json!(1), &json!(1)));
    assert!(sent["action"]["runningSince"].is_string(), "{sent}");
    assert_eq!(server.named(OPEN), [Some("W1".to_owned())], "nobody has signed him in");
    let call = parsed(&server.asked("/api/calls")[0]);
    assert_eq!((&call["sessionId"], &call["action"]["instanceId"]), (&sent["id"], &sent["instanceId"]));
    assert!(kiosk.engine.view().unsaid.is_empty());
}

#[tokio::test]
async fn a_session_that_runs_on_is_beaten_for_once_the_server_knows_it() {
    let server = Server::start().await;
    let kiosk = provided(&server, &provisions(true, &free())).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("is known");
    opens(&kiosk).await.expect("begins");
    let id = kiosk.engine.view().session.expect("a session").session.id;
    let mut told = opened("applied", 4);
    told["session"]["id"] = json!(id);
    server.once(OPEN, proxy(502));
    server.always(OPEN, ok(&told));
    kiosk.plugged_in(&server).await;
    server.asked_times(OPEN, 1).await;
    assert_eq!(server.asked("/api/sessions/heartbeat").len(), 0, "it would be told that there is no such session");
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    kiosk.passes_until(|| !server.asked("/api/sessions/heartbeat").is_empty()).await;
    assert_eq!(parsed(&server.asked("/api/sessions/heartbeat")[0])["sessionId"], json!(id));
    // And the server is told who stands there.
    kiosk.passes_until(|| !kiosk.engine.view().unverified).await;
    let view = kiosk.engine.view();
    assert_eq!((view.session.expect("a session").session.version, view.worker.is_some()), (4, true));
}

#[tokio::test]
async fn what_stood_in_its_way_is_told_and_all_that_follows_still_goes_out() {
    for refused in [false, true] {
        let server = Server::start().await;
        let kiosk = provided(&server, &provisions(true, &free())).await;
        kiosk.engine.sign_in("W1".into(), None).await.expect("is known");
        opens(&kiosk).await.expect("begins");
        kiosk.status(STOP).await.expect("saves");
        if refused {
            // Not as the contract has it; an opening is never simply refused all the same.
            server.always(OPEN, code(Code::StationOccupied));
            server.always(EVENTS, code(Code::SessionNotFound));
        } else {
            server.always(OPEN, ok(&json!({"outcome": "quarantined"})));
            server.always(EVENTS, ok(&json!({"outcome": "quarantined"})));
        }
        kiosk.plugged_in(&server).await;
        kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
        let view = kiosk.engine.view();
        assert!(matches!(view.ended, Some(Ended::Quarantined { .. })), "{view:#?}");
        assert!(view.session.is_none());
        assert_eq!((server.asked(EVENTS).len(), view.unsaid.len()), (1, 2), "{refused}");
        assert_eq!(server.asked(PARK).len(), if refused { 2 } else { 0 });
    }
}

#[tokio::test]
async fn the_next_worker_takes_over_without_the_server_if_this_kiosk_has_heard_his_pin() {
    let server = Server::start().await;
    server.always("/api/kiosks/provisions", ok(&provisions(true, &free())));
    let kiosk = Kiosk::of(&server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    let signed_in = |id: &str, code: &str, name: &str| {
        ok(&json!({"worker": {"id": id, "code": code, "name": name, "language": "en"}, "activeSession": null,
            "lastSeq": null, "serverTime": null}))
    };
    server.once("/api/workers/login", signed_in(OTHER, "W2", "Bo"));
    kiosk.engine.sign_in("W2".into(), Some("4711".into())).await.expect("signs in");
    has_heard_the_pin(&kiosk).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    opens(&kiosk).await.expect("opens");
    kiosk.status(STOP).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    let (before, opening) = (kiosk.engine.view().session.expect("a session"), parsed(&server.asked(OPEN)[0]));
    kiosk.unplugged().await;

    let refused = kiosk.engine.sign_in("W2".into(), Some("1".into())).await.expect_err("is wrong");
    assert_eq!(refused.problem().code, Code::Unauthenticated);
    kiosk.engine.sign_in("W2".into(), None).await.expect_err("lacks the PIN");
    kiosk.engine.sign_in("badge of W2".into(), Some("4711".into())).await.expect("is known");
    let taking = TakingOver::default();
    kiosk.engine.hand_over(taking).await.expect("takes over");
    let own = kiosk.engine.view().session.expect("a session");
    assert_eq!((own.session.worker_name.as_str(), own.epoch, own.unsent), ("Bo", 1, true));
    assert_ne!(own.session.id, before.session.id);
    assert!(own.session.outside_assignment);
    assert_eq!(own.session.current_status_id, before.session.current_status_id, "the machine goes on");
    kiosk.status(STOP).await.expect("saves");

    let mut told = opened("applied", 3);
    told["session"]["id"] = json!(own.session.id);
    server.always(HAND_OVER, ok(&told));
    server.always("/api/workers/login", signed_in(OTHER, "W2", "Bo"));
    kiosk.plugged_in(&server).await;
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    let sent = parsed(&server.asked(HAND_OVER)[0]);
    assert_eq!((&sent["sessionId"], &sent["id"]), (&json!(before.session.id), &json!(own.session.id)));
    assert_eq!(sent["action"]["instanceId"], opening["instanceId"], "under the claim on the session that ends");
    assert_ne!(sent["instanceId"], opening["instanceId"]);
    assert_eq!(server.named(HAND_OVER), [Some("W2".to_owned())]);
    let next = parsed(server.asked(EVENTS).last().expect("a change"));
    assert_eq!((&next["sessionId"], &next["action"]["instanceId"]), (&sent["id"], &sent["instanceId"]));
    kiosk.passes_until(|| !kiosk.engine.view().unverified).await;
    let login = parsed(server.asked("/api/workers/login").last().expect("a sign-in"));
    assert_eq!((&login["badge"], &login["pin"]), (&json!("badge of W2"), &json!("4711")), "as it was typed");
}

#[tokio::test]
async fn running_production_is_counted_or_said_to_be_unknown_without_the_server_too() {
    let server = Server::start().await;
    let mut all = provisions(true, &free());
    all["workers"][1]["hasPin"] = json!(false);
    let mut running = server::claimed(1);
    running["session"]["currentStatusId"] = json!(RUNS);
    running["session"]["currentStatus"]["machineState"] = json!("production");
    server.always(OPEN, ok(&running));
    // The server opens it; with provisions the kiosk might have begun by itself, as this server has no stream.
    let kiosk = Kiosk::at_work(&server).await;
    server.always("/api/kiosks/provisions", ok(&all));
    kiosk.plugged_in(&server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    kiosk.unplugged().await;
    kiosk.engine.sign_in("W2".into(), None).await.expect("is known");
    let refused = kiosk.engine.hand_over(TakingOver::default()).await.expect_err("it produces");
    assert_eq!(refused.problem().code, Code::InvalidQuantities);
    let counted: Quantities = serde_json::from_value(json!({"good": 7})).expect("quantities");
    let taking = TakingOver { quantities: Some(counted), ..TakingOver::default() };
    kiosk.engine.hand_over(taking).await.expect("takes over");
    let own = kiosk.engine.view().session.expect("a session").session;
    assert_eq!((own.totals.good, own.job_item_name.as_deref()), (0, Some("Flange")), "they are the other's pieces");
}

#[tokio::test]
async fn what_may_not_begin_without_the_server_does_not() {
    let there = json!({"workerName": "Cy", "since": "2029-12-31T22:00:00.000Z", "contact": "online"});
    for (all, code) in
        [(provisions(false, &free()), Code::Unavailable), (provisions(true, &there), Code::StationOccupied)]
    {
        let server = Server::start().await;
        let kiosk = provided(&server, &all).await;
        kiosk.engine.sign_in("W1".into(), None).await.expect("is known");
        assert_eq!(opens(&kiosk).await.expect_err("may not").problem().code, code);
        assert!(kiosk.engine.view().session.is_none() && kiosk.engine.view().waiting == 0);
    }
    let server = Server::start().await;
    let mut listed = provisions(true, &free());
    listed["checklists"]["start"] = json!({"id": REASON, "name": "Start", "active": true, "version": 1,
        "items": [{"id": "clean", "labels": {"en": "Clean"}, "kind": "check", "required": true}]});
    let kiosk = provided(&server, &listed).await;
    let unknown = kiosk.engine.sign_in("W9".into(), None).await.expect_err("is nobody");
    assert_eq!(unknown.problem().code, Code::Unauthenticated);
    let unheard = kiosk.engine.sign_in("W2".into(), Some("4711".into())).await.expect_err("was never heard here");
    assert_eq!(unheard.problem().code, Code::Unavailable);
    kiosk.engine.sign_in("W1".into(), None).await.expect("is known");
    assert_eq!(opens(&kiosk).await.expect_err("lacks its list").problem().code, Code::ChecklistRequired);
    let elsewhere = kiosk.engine.open(OTHER.parse().expect("an id"), None).await.expect_err("is not its station");
    assert_eq!(elsewhere.problem().code, Code::Unavailable);
}
const REASON: &str = server::REASON;

#[tokio::test]
async fn after_an_end_here_the_station_is_free_whatever_was_last_heard_of_it() {
    let server = Server::start().await;
    let there = json!({"workerName": "Cy", "since": "2029-12-31T23:00:00.000Z", "contact": "online"});
    server.always("/api/kiosks/provisions", ok(&provisions(true, &there)));
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    kiosk.unplugged().await;
    kiosk.engine.end(Ending::default()).await.expect("saves");
    opens(&kiosk).await.expect("begins");
    server.always(OPEN, ok(&opened("applied", 1)));
    kiosk.plugged_in(&server).await;
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(server.sent_to(), ["/api/sessions/complete", OPEN]);
}

#[tokio::test]
async fn a_server_that_dies_at_the_opening_does_not_keep_the_worker_waiting() {
    let server = Server::start().await;
    server.always("/api/kiosks/provisions", ok(&provisions(true, &free())));
    let kiosk = Kiosk::of(&server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    server.once(OPEN, proxy(504));
    server.always(OPEN, ok(&opened("applied", 1)));
    opens(&kiosk).await.expect("begins alone");
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    let sent: Vec<_> = server.asked(OPEN).iter().map(|body| parsed(body)).collect();
    // The first may have been taken all the same: then this is the same session.
    assert_eq!((&sent[0]["id"], &sent[0]["instanceId"]), (&sent[1]["id"], &sent[1]["instanceId"]));
    assert!(sent[0].get("action").is_none() && sent[1]["action"]["seq"] == 1);
}

#[tokio::test]
async fn what_may_have_been_taken_stays_the_same_opening_however_often_nobody_hears_it() {
    let server = Server::start().await;
    // Without provisions it can't begin by itself.
    let kiosk = Kiosk::of(&server).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    server.once(OPEN, proxy(504));
    opens(&kiosk).await.expect_err("is not heard");
    kiosk.unplugged().await;
    opens(&kiosk).await.expect_err("finds nobody");
    kiosk.plugged_in(&server).await;
    opens(&kiosk).await.expect("opens");
    let sent: Vec<_> = server.asked(OPEN).iter().map(|body| parsed(body)).collect();
    assert_eq!((&sent[0]["id"], &sent[0]["instanceId"]), (&sent[1]["id"], &sent[1]["instanceId"]));
}

#[tokio::test]
async fn a_kiosk_that_only_lost_its_stream_asks_before_it_begins_by_itself() {
    let server = Server::start().await;
    server.always("/api/kiosks/provisions", ok(&provisions(true, &free())));
    let kiosk = Kiosk::of(&server).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    kiosk.shows(|view| view.provisions.is_some()).await;
    kiosk.passes_until(|| kiosk.engine.view().link.state == LinkState::Offline).await;
    server.once(OPEN, code(Code::StationOccupied));
    assert_eq!(opens(&kiosk).await.expect_err("is taken").problem().code, Code::StationOccupied);
    let view = kiosk.engine.view();
    assert!(view.session.is_none() && view.waiting == 0, "{view:#?}");
}

#[tokio::test]
async fn wrong_pins_are_counted_here_and_waited_for_also_after_a_restart() {
    let server = Server::start().await;
    server.always("/api/kiosks/provisions", ok(&provisions(true, &free())));
    let kiosk = Kiosk::of(&server).await;
    kiosk.shows(|view| view.provisions.is_some()).await;
    let worker = json!({"id": OTHER, "code": "W2", "name": "Bo", "language": "en"});
    server.always(
        "/api/workers/login",
        ok(&json!({"worker": worker, "activeSession": null, "lastSeq": null, "serverTime": null})),
    );
    kiosk.engine.sign_in("W2".into(), Some("4711".into())).await.expect("signs in");
    has_heard_the_pin(&kiosk).await;
    kiosk.engine.sign_out().await.expect("signs out");
    kiosk.unplugged().await;
    for _ in 0..5 {
        let wrong = kiosk.engine.sign_in("W2".into(), Some("0".into())).await.expect_err("is wrong");
        assert_eq!(wrong.problem().code, Code::Unauthenticated);
    }
    let kiosk = kiosk.restarted().await;
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
    let waits = kiosk.engine.sign_in("W2".into(), Some("4711".into())).await.expect_err("has to wait");
    assert_eq!(waits.problem().code, Code::RateLimited);
    kiosk.clock.advance(Duration::from_secs(31));
    kiosk.engine.sign_in("W2".into(), Some("4711".into())).await.expect("is known");
}
