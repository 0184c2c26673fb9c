//! A session that was closed for want of contact: how it comes back.

use super::*;

const REOPEN: &str = "/api/sessions/reopen";
const BEAT: &str = "/api/sessions/heartbeat";

fn closed() -> Problem {
    let problem = Problem::new(Code::SessionNotActive, "idle").with("reason", "idle").with("provisional", true);
    problem.with("endedAt", "2030-01-01T00:00:00.000Z")
}

fn beat() -> Value {
    json!({"ok": true, "epoch": 1, "lease": {"ttlMs": 300_000, "nextMs": 15_000}, "serverTime": null, "lastSeq": null})
}

#[tokio::test]
async fn with_nothing_to_send_an_entry_of_its_own_brings_it_back_and_says_since_when_it_knows() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times(BEAT, 1).await;
    kiosk.boot.sleep(3_600_000);
    server.time_is("2030-01-01T01:00:30.000Z");
    server.once(BEAT, no(&closed()));
    server.always(REOPEN, ok(&json!({"outcome": "applied", "session": session(7)})));
    kiosk.clock.advance(Duration::from_secs(3));
    server.asked_times(REOPEN, 1).await;
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(view.session.expect("the session").session.version, 7);
    assert!(view.unsaid.is_empty() && view.ended.is_none());
    let sent = parsed(&server.asked(REOPEN)[0]);
    assert_eq!((&sent["sessionId"], &sent["action"]["epoch"]), (&json!(server::SESSION), &json!(1)));
    let (since, at) = (sent["runningSince"].as_str().expect("a time"), sent["action"]["occurredAt"].as_str());
    assert!(since.starts_with("2030-01-01T01:00"), "since it woke, not since it started: {sent}");
    assert!(at.expect("a time") >= since, "{sent}");
    assert_eq!(sent["action"]["runningSince"], since);
}

#[tokio::test]
async fn where_it_cannot_come_back_the_screen_says_why() {
    for why in [Code::SessionAlreadyExists, Code::SessionNotActive, Code::NotFound] {
        let server = Server::start().await;
        let kiosk = Kiosk::at_work(&server).await;
        server.asked_times(BEAT, 1).await;
        server.always(BEAT, no(&closed()));
        server.always(REOPEN, code(why));
        kiosk.clock.advance(Duration::from_secs(16));
        let view = kiosk.shows(|view| view.ended.is_some()).await;
        assert!(view.session.is_none() && view.waiting == 0 && view.unsaid.is_empty(), "{why:?}: {view:#?}");
        assert!(matches!(view.ended, Some(Ended::Closed { .. })), "{why:?}: {view:?}");
        assert_eq!(server.asked(crate::outbox::PARK).len(), 0, "{why:?}: it is nobody's tap");
    }
}

#[tokio::test]
async fn an_action_that_brought_a_session_back_after_it_was_given_up_makes_it_owned_again() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times(BEAT, 1).await;
    server.always("/api/status-events", proxy(502));
    kiosk.status(RUNS).await.expect("saves");
    let forced = Problem::new(Code::SessionNotActive, "closed").with("reason", "idle").with("provisional", false);
    server.once(BEAT, no(&forced));
    kiosk.passes_until(|| kiosk.engine.view().ended.is_some()).await;
    assert!(kiosk.engine.view().session.is_none());
    server.always(BEAT, ok(&beat()));
    server.always("/api/status-events", ok(&json!({"outcome": "applied", "session": session(9)})));
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    let view = kiosk.engine.view();
    assert_eq!(view.session.expect("it is back").session.version, 9);
    assert!(view.ended.is_none());
    let instance = parsed(&server.asked("/api/sessions")[0])["instanceId"].clone();
    let beats = server.asked(BEAT).len();
    kiosk.passes_until(|| server.asked(BEAT).len() > beats).await;
    assert_eq!(parsed(server.asked(BEAT).last().expect("a beat"))["instanceId"], instance);
}

#[tokio::test]
async fn at_sign_in_a_session_that_was_closed_is_continued_here_or_said_to_have_ended() {
    for ended in [false, true] {
        let server = Server::start().await;
        let kiosk = Kiosk::of(&server).await;
        let mut gone = session(3);
        gone["status"] = json!("completed");
        gone["provisional"] = json!(true);
        server.always(
            "/api/workers/login",
            ok(&json!({
            "worker": {"id": server::WORKER, "code": "W1", "name": "Ada", "language": "en"},
            "activeSession": null, "provisionalSession": gone, "lastSeq": null, "serverTime": null})),
        );
        kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
        assert!(kiosk.engine.view().provisional.is_some());
        if ended {
            kiosk
                .engine
                .ended_at(serde_json::from_value(json!("2030-01-01T00:00:00.000Z")).expect("a time"))
                .await
                .expect("says so");
        } else {
            kiosk.engine.continue_here().await.expect("goes on");
        }
        let view = kiosk.engine.view();
        assert_eq!((view.provisional, view.session.is_some()), (None, !ended));
        let sent = parsed(&server.asked("/api/sessions/takeover")[0]);
        let then =
            if ended { (json!("complete"), json!("2030-01-01T00:00:00.000Z")) } else { (Value::Null, Value::Null) };
        assert_eq!((sent["then"].clone(), sent["endedAt"].clone()), then);
    }
}
