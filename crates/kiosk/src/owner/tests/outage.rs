//! What becomes of an entry that the server fails at, refuses to nobody, or has forgotten.

use super::*;
use crate::outbox::{PARK, PATIENCE};

const EVENTS: &str = "/api/status-events";

/// Until the kiosk counts as left.
async fn left_alone(kiosk: &Kiosk) {
    for _ in 0..5 {
        kiosk.clock.advance(Duration::from_secs(15));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_refused_with_nobody_there_is_parked_with_its_own_bytes_and_the_queue_goes_on() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.status(STOP).await.expect("saves");
    left_alone(&kiosk).await;
    server.once(EVENTS, code(Code::StatusNotAllowed));
    server.once(PARK, proxy(502));
    kiosk.plugged_in(&server).await;
    server.asked_times(PARK, 1).await;
    assert_eq!(kiosk.engine.view().waiting, 2, "it is not parked before the server has it");
    let kiosk = kiosk.restarted().await;
    let view = kiosk.shows(|view| view.waiting == 0).await;
    let sent = server.asked(EVENTS);
    assert_eq!(sent.len(), 2, "the refused one once, then the next one: {sent:#?}");
    let parked = server.asked(PARK);
    assert_eq!((parked.len(), &parked[0]), (2, &parked[1]), "the same bytes");
    let parked = parsed(&parked[0]);
    assert_eq!((&parked["seq"], &parked["path"]), (&json!(2), &json!(EVENTS)));
    assert_eq!(parked["body"], parsed(&sent[0]));
    assert_eq!(parked["problem"]["code"], "STATUS_NOT_ALLOWED");
    assert_eq!(view.last_action.expect("an action").state, ActionState::Applied);
}

#[tokio::test]
async fn what_the_server_fails_at_is_parked_after_ten_minutes_and_not_before() {
    for fails in [Code::Internal, Code::InvalidPayload] {
        let server = Server::start().await;
        let kiosk = Kiosk::at_work(&server).await;
        server.always(EVENTS, code(fails));
        kiosk.status(RUNS).await.expect("saves");
        kiosk.engine.call(None).await.expect("saves");
        let began = kiosk.clock.monotonic();
        server.asked_times(EVENTS, 1).await;
        kiosk.shows(|view| view.hold.as_ref().is_some_and(|hold| hold.code == fails)).await;
        kiosk.passes_until(|| !server.asked(PARK).is_empty()).await;
        let after = kiosk.clock.monotonic() - began;
        assert!(after >= PATIENCE, "{fails:?} {after:?}");
        assert!(server.asked(EVENTS).len() > 10, "it was tried all the time: {}", server.asked(EVENTS).len());
        let view = kiosk.shows(|view| view.waiting == 0).await;
        assert_eq!(view.hold, None);
        let sent = server.asked(EVENTS);
        assert!(sent.iter().all(|body| *body == sent[0]), "the same bytes");
        let parked = parsed(&server.asked(PARK)[0]);
        assert_eq!((&parked["body"], &parked["problem"]["code"]), (&parsed(&sent[0]), &json!(fails)));
        assert_eq!(server.asked("/api/calls").len(), 1, "the queue goes on");
    }
}

#[tokio::test]
async fn what_cannot_be_parked_waits_and_says_so() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    left_alone(&kiosk).await;
    server.always(EVENTS, code(Code::StationOccupied));
    server.always(PARK, code(Code::NotFound));
    kiosk.plugged_in(&server).await;
    let view = kiosk.shows(|view| view.hold.is_some()).await;
    assert_eq!((view.waiting, view.hold.expect("a hold").code), (1, Code::NotFound));
}

#[tokio::test]
async fn an_end_that_is_refused_to_nobody_is_parked_and_the_session_shows_again() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.engine.end(Ending::default()).await.expect("saves");
    left_alone(&kiosk).await;
    server.always("/api/sessions/complete", code(Code::ChecklistRequired));
    kiosk.plugged_in(&server).await;
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(server.asked(PARK).len(), 1);
    assert!(view.session.is_some(), "the server has it open still");
    let last = view.last_action.expect("an action");
    assert_eq!((last.state, last.problem.expect("why").code), (ActionState::Parked, Code::ChecklistRequired));
}

#[tokio::test]
async fn a_server_that_was_restored_gets_again_what_it_forgot_as_the_same_bytes() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    for status in [RUNS, STOP, RUNS] {
        kiosk.status(status).await.expect("saves");
        kiosk.shows(|view| view.waiting == 0).await;
    }
    let before = server.asked(EVENTS);
    let mut told = session(9);
    told["totals"] = json!({"good": 5, "scrap": 0});
    server.always("/api/sessions/quantities", ok(&json!({"outcome": "applied", "session": told})));
    let counted = serde_json::from_value(json!({"good": 5})).expect("quantities");
    kiosk.engine.count(counted).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    server.restored_at(2);
    server.once("/api/sessions/quantities", proxy(502));
    kiosk.clock.advance(Duration::from_secs(16));
    server.asked_times("/api/sessions/quantities", 2).await;
    let good = || kiosk.engine.view().session.expect("a session").session.totals.good;
    assert_eq!((kiosk.engine.view().waiting, good()), (1, 5), "what is sent again is not counted twice on the screen");
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(server.asked(EVENTS).len(), 5);
    assert_eq!(server.asked(EVENTS)[3..], before[1..], "in order, as they were");
    // It has them now, and is asked no third time.
    let beats = server.asked("/api/sessions/heartbeat").len();
    kiosk.clock.advance(Duration::from_secs(16));
    server.asked_times("/api/sessions/heartbeat", beats + 1).await;
    kiosk.status(STOP).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(server.asked(EVENTS).len(), 6);
}

#[tokio::test]
async fn what_a_restored_server_refuses_the_second_time_is_parked_whoever_stands_there() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    let kiosk = kiosk.restarted().await;
    server.always(EVENTS, code(Code::SessionNotFound));
    server.restored_at(1);
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    // Told by a heartbeat, which comes with the start and with each interval.
    kiosk.passes_until(|| !server.asked(PARK).is_empty()).await;
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(parsed(&server.asked(PARK)[0])["problem"]["code"], "SESSION_NOT_FOUND");
}

#[tokio::test]
async fn what_is_refused_while_another_stands_there_is_parked_and_told_until_it_was_seen() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    server.always(
        "/api/workers/login",
        ok(&json!({
        "worker": {"id": Uuid::from_u128(77), "code": "W2", "name": "Bo", "language": "en"},
        "activeSession": null, "lastSeq": null, "serverTime": null})),
    );
    server.always(EVENTS, code(Code::StatusNotAllowed));
    server.always("/api/sessions/heartbeat", proxy(502));
    kiosk.plugged_in(&server).await;
    kiosk.engine.sign_in("W2".into(), None).await.expect("signs in");
    let beat = json!({"ok": true, "epoch": 1, "lease": {"ttlMs": 300_000, "nextMs": 15_000},
        "serverTime": null, "lastSeq": null});
    server.always("/api/sessions/heartbeat", ok(&beat));
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(server.asked(PARK).len(), 1, "he can't say what it was");
    let kiosk = kiosk.restarted().await;
    let told = kiosk.engine.view().unsaid;
    let said = (told[0].seq, told[0].state, told[0].problem.as_ref().map(|why| why.code), told[0].worker.as_deref());
    assert_eq!(said, (2, ActionState::Parked, Some(Code::StatusNotAllowed), Some("Ada")));
    let from_2030 = (told[0].at.millis() - 1_893_456_000_000).abs();
    assert!(from_2030 < 3_600_000, "on the server's clock: {}", told[0].at);
    kiosk.engine.acknowledge_unsaid(vec![told[0].seq]).await.expect("is kept");
    assert!(kiosk.engine.view().unsaid.is_empty());
    assert!(kiosk.restarted().await.engine.view().unsaid.is_empty());
}

#[tokio::test]
async fn what_is_parked_is_not_shown_on_top_of_the_session() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    left_alone(&kiosk).await;
    server.always(EVENTS, code(Code::StatusNotAllowed));
    server.always(PARK, proxy(502));
    kiosk.plugged_in(&server).await;
    server.asked_times(PARK, 1).await;
    let view = kiosk.engine.view();
    assert_eq!(view.waiting, 1);
    assert_eq!(view.session.expect("a session").session.current_status.expect("a status").key, "stop");
}

#[tokio::test]
async fn an_undo_that_the_server_has_no_address_for_is_parked_and_the_queue_goes_on() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.always("/api/actions/undo", code(Code::NotFound));
    kiosk.status(RUNS).await.expect("saves");
    kiosk.engine.undo().await.expect("saves");
    kiosk.engine.call(None).await.expect("saves");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!((view.hold, server.asked(PARK).len(), server.asked("/api/calls").len()), (None, 1, 1));
    assert_eq!(view.unsaid[0].state, ActionState::Parked);
}
