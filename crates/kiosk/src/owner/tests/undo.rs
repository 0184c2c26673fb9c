//! Taking back: offered for ten seconds, shown at once, sent as an entry of its own.

use super::*;
use crate::view::UndoKind;
use millrace_protocol::quantity::Quantities;

const UNDO: &str = "/api/actions/undo";

fn good(pieces: u64) -> Quantities {
    serde_json::from_value(json!({"good": pieces})).expect("quantities")
}

#[tokio::test]
async fn a_status_is_taken_back_without_the_server_and_both_go_out_in_order() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    assert_eq!(kiosk.engine.view().undo, None);
    kiosk.unplugged().await;
    let before = kiosk.engine.view().session.expect("a session").session;
    kiosk.status(RUNS).await.expect("saves");
    let offer = kiosk.engine.view().undo.expect("an offer");
    assert_eq!((offer.seq, offer.kind), (2, UndoKind::Status));
    kiosk.engine.undo().await.expect("saves");
    let view = kiosk.engine.view();
    assert_eq!(view.session.expect("a session").session, before, "as it was, with its own start");
    assert_eq!((view.waiting, view.undo), (2, None));
    assert_eq!(kiosk.engine.undo().await.expect_err("once").problem().code, Code::InvalidStatusTransition);

    let kiosk = kiosk.restarted().await;
    assert_eq!(kiosk.engine.view().session.expect("a session").session, before, "after a restart as well");
    kiosk.plugged_in(&server).await;
    kiosk.shows(|view| view.waiting == 0).await;
    let sent = parsed(&server.asked(UNDO)[0]);
    assert_eq!((&sent["undoes"], &sent["action"]["seq"]), (&json!(2), &json!(3)));
    assert_eq!(sent.get("sessionId"), None);
}

#[tokio::test]
async fn a_count_that_was_sent_already_is_taken_back_on_the_screen_at_once() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let mut counted = session(2);
    counted["totals"] = json!({"good": 7, "scrap": 0});
    server.always("/api/sessions/quantities", ok(&json!({"outcome": "applied", "session": counted})));
    kiosk.engine.count(good(7)).await.expect("saves");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(view.session.expect("a session").session.totals.good, 7);
    assert_eq!(view.undo.expect("an offer").kind, UndoKind::Count);
    server.always(UNDO, proxy(502));
    kiosk.engine.undo().await.expect("saves");
    assert_eq!(kiosk.engine.view().session.expect("a session").session.totals.good, 0);
    server.always(UNDO, ok(&json!({"outcome": "applied", "session": session(3)})));
    kiosk.clock.advance(Duration::from_secs(31));
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(view.session.expect("a session").session.totals.good, 0);
}

#[tokio::test]
async fn it_is_offered_for_ten_seconds_and_only_for_what_was_tapped_last() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.clock.advance(Duration::from_secs(9));
    assert!(kiosk.engine.view().undo.is_some());
    kiosk.clock.advance(Duration::from_secs(2));
    kiosk.shows(|view| view.undo.is_none()).await;
    kiosk.engine.undo().await.expect_err("is too late");

    kiosk.engine.count(good(1)).await.expect("saves");
    kiosk.engine.call(None).await.expect("saves");
    assert_eq!(kiosk.engine.view().undo.expect("an offer").kind, UndoKind::Count, "a call changes nothing of it");
    kiosk.engine.count(good(2)).await.expect("saves");
    let offer = kiosk.engine.view().undo.expect("an offer");
    kiosk.engine.undo().await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(parsed(&server.asked(UNDO)[0])["undoes"], offer.seq);

    kiosk.status(STOP).await.expect("saves");
    kiosk.engine.unbind().await.expect("saves");
    assert_eq!(kiosk.engine.view().undo, None, "the session went on from there");
    kiosk.status(STOP).await.expect("saves");
    kiosk.engine.end(Ending::default()).await.expect("saves");
    assert_eq!(kiosk.engine.view().undo, None, "an end has none");
}
