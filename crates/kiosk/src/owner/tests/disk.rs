//! A disk that is full or can't be written: it is said at once, and nothing is pretended.

use super::*;
use crate::store::Broken;

const EVENTS: &str = "/api/status-events";

#[tokio::test]
async fn a_tap_that_is_not_on_the_disk_is_not_called_saved_not_shown_and_not_sent() {
    for broken in [Broken::ReadOnly, Broken::Full] {
        let server = Server::start().await;
        let kiosk = Kiosk::at_work(&server).await;
        // The session that a heartbeat told is on its way to the disk, too.
        server.asked_times("/api/sessions/heartbeat", 1).await;
        let before = kiosk.engine.view();
        kiosk.store.breaks(broken).await;
        // A full disk has room on its last page: it is the page after it that fails.
        let mut saved = 0;
        let refused = loop {
            match kiosk.engine.call(Some("x".repeat(400))).await {
                Ok(()) => saved += 1,
                Err(error) => break error,
            }
            assert!(saved < 200, "{broken:?}: it takes everything");
        };
        assert!(matches!(refused, CommandError::Store(_)), "{broken:?}: {refused:?}");
        assert_eq!(refused.problem().code, Code::Unavailable);
        assert!(refused.problem().detail.contains("nothing was saved"), "{}", refused.problem().detail);
        // Something smaller may still find room on a full disk; on one that can't be written nothing does.
        if matches!(broken, Broken::ReadOnly) {
            kiosk.status(RUNS).await.expect_err("nothing fits");
        }
        let view = kiosk.engine.view();
        let shown = view.session.expect("a session").session.current_status;
        assert_eq!(shown, before.session.expect("a session").session.current_status, "{broken:?}");
        assert_eq!(view.last_action.map_or(0, |last| last.seq), saved, "{broken:?}");
        assert_eq!(server.asked(EVENTS).len(), 0, "{broken:?}");

        kiosk.store.breaks(Broken::Well).await;
        kiosk.clock.advance(crate::outbox::HOLD + Duration::from_secs(1));
        kiosk.status(RUNS).await.expect("saves again");
        kiosk.shows(|view| view.waiting == 0).await;
        let calls = u64::try_from(server.asked("/api/calls").len()).expect("a count");
        assert!(calls >= saved, "{broken:?}: what was saved is sent");
        let sent = parsed(server.asked(EVENTS).last().expect("one"))["action"]["seq"].as_u64();
        assert_eq!(sent, Some(saved + 1), "{broken:?}: no number is left out");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_kept_ends_nothing_and_the_screen_says_why() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.once(EVENTS, proxy(502));
    kiosk.status(RUNS).await.expect("saves");
    server.asked_times(EVENTS, 1).await;
    kiosk.store.breaks(Broken::ReadOnly).await;
    kiosk.passes_until(|| kiosk.engine.view().hold.is_some()).await;
    let view = kiosk.engine.view();
    assert_eq!((view.waiting, view.hold.expect("a hold").code), (1, Code::Unavailable));
    assert_eq!(view.last_action.expect("an action").state, ActionState::Saved, "it is not called sent");
    kiosk.store.breaks(Broken::Well).await;
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(kiosk.engine.view().hold, None);
    let sent = server.asked(EVENTS);
    assert!(sent.len() >= 3 && sent.iter().all(|body| *body == sent[0]), "{sent:#?}");
}

#[tokio::test]
async fn a_claim_that_cannot_be_kept_is_not_asked_for() {
    let server = Server::start().await;
    let kiosk = Kiosk::of(&server).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    kiosk.store.breaks(Broken::ReadOnly).await;
    let refused = kiosk.engine.open(STATION.parse().expect("an id"), None).await.expect_err("can't be kept");
    assert!(matches!(refused, CommandError::Store(_)), "{refused:?}");
    assert_eq!(server.asked("/api/sessions").len(), 0);
    kiosk.store.breaks(Broken::Well).await;
    kiosk.engine.open(STATION.parse().expect("an id"), None).await.expect("opens");
}
