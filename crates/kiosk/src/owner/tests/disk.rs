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
        assert_eq!(refused.problem().code, Code::Disk);
        kiosk.shows(|view| view.disk.as_ref().is_some_and(|disk| disk.code == Code::Disk)).await;
        assert!(refused.problem().detail.contains("nothing was saved"), "{}", refused.problem().detail);
        // Something smaller may still find room on a full disk; on one that can't be written nothing does.
        if matches!(broken, Broken::ReadOnly) {
            kiosk.status(RUNS).await.expect_err("nothing fits");
        }
        let view = kiosk.engine.view();
        let shown = view.session.expect("a session").session.current_status;
        assert_eq!(shown, before.session.expect("a session").session.current_status, "{broken:?}");
        assert_eq!(view.last_action.map_or(0, |last| last.seq - 1), saved, "{broken:?}");
        assert_eq!(server.asked(EVENTS).len(), 0, "{broken:?}");

        kiosk.store.breaks(Broken::Well).await;
        kiosk.clock.advance(crate::outbox::HOLD + Duration::from_secs(1));
        kiosk.status(RUNS).await.expect("saves again");
        assert_eq!(kiosk.engine.view().disk, None);
        kiosk.shows(|view| view.waiting == 0).await;
        let calls = u64::try_from(server.asked("/api/calls").len()).expect("a count");
        assert!(calls >= saved, "{broken:?}: what was saved is sent");
        let sent = parsed(server.asked(EVENTS).last().expect("one"))["action"]["seq"].as_u64();
        assert_eq!(sent, Some(saved + 2), "{broken:?}: no number is left out");
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
    assert_eq!((view.waiting, view.hold.expect("a hold").code), (1, Code::Disk));
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

#[tokio::test]
async fn a_disk_that_is_well_again_is_noticed_without_a_tap() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    kiosk.store.breaks(Broken::ReadOnly).await;
    kiosk.engine.call(None).await.expect_err("can't be kept");
    kiosk.shows(|view| view.disk.is_some()).await;
    kiosk.store.breaks(Broken::Well).await;
    kiosk.passes_until(|| kiosk.engine.view().disk.is_none()).await;
}

#[tokio::test]
async fn a_disk_that_can_only_be_read_does_not_keep_the_kiosk_from_starting() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.engine.shutdown().await;
    let store = Store::open(&kiosk.folder.path().join("kiosk.db")).await.expect("opens");
    store.breaks(Broken::ReadOnly).await;
    let started = Engine::start_on(store, kiosk.clock.clone(), kiosk.boot.clone(), Arc::new(SystemChance)).await;
    let engine = started.expect("starts");
    let mut view = engine.watch();
    let said = view.wait_for(|view| view.disk.is_some());
    let view = tokio::time::timeout(Duration::from_secs(10), said).await.expect("in time").expect("runs").clone();
    assert!(view.session.is_some(), "and it comes back into its session");
}

#[tokio::test]
async fn without_a_disk_the_engine_says_so_refuses_everything_and_begins_once_there_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kiosk.db");
    // What stands there is no file.
    std::fs::create_dir(&file).expect("a folder in its place");
    let clock = Arc::new(DrivenClock::new());
    let engine = Engine::at(file.clone(), clock.clone(), Arc::new(SystemChance)).await;
    assert_eq!(engine.view().disk.expect("a reason").code, Code::Disk);
    let refused = engine.adopt(identity(NOWHERE)).await.expect_err("nothing is kept");
    assert_eq!(refused.problem().code, Code::Disk);
    std::fs::remove_dir(&file).expect("is put right");
    let mut view = engine.watch();
    let well = async {
        while engine.view().disk.is_some() {
            clock.advance(Duration::from_secs(11));
            drop(tokio::time::timeout(Duration::from_millis(20), view.changed()).await);
        }
    };
    tokio::time::timeout(Duration::from_secs(10), well).await.expect("in time");
    engine.adopt(identity(NOWHERE)).await.expect("keeps it");
}

#[tokio::test]
async fn what_cannot_be_read_is_left_aside_said_and_stops_nothing() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.engine.call(None).await.expect("saves");
    kiosk.store.spoil("UPDATE outbox SET kind = 'of a later version' WHERE kind = 'status'").await;
    kiosk.store.spoil("UPDATE remembered SET value = '{' WHERE name LIKE 'statuses:%' OR name = 'worker'").await;
    let kiosk = kiosk.restarted().await;
    let view = kiosk.engine.view();
    assert_eq!((view.waiting, view.session.is_some(), view.worker), (1, true, None));
    let aside = &view.unsaid[0];
    assert_eq!((aside.seq, aside.kind, aside.state), (2, None, ActionState::Broken));
    kiosk.plugged_in(&server).await;
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!((server.asked(EVENTS).len(), server.asked("/api/calls").len()), (0, 1));
    kiosk.engine.acknowledge_unsaid(vec![2]).await.expect("keeps it");
    assert!(kiosk.restarted().await.engine.view().unsaid.is_empty(), "it was seen");
}
