//! The server is away for minutes, or comes back as it was yesterday.

use super::{Kiosk, station};
use millrace_domain::{Clock, DrivenClock, SystemChance};
use millrace_kiosk::boot::DrivenBoot;
use millrace_kiosk::view::{ActionState, Ending, LinkState, TakingOver};
use millrace_kiosk::{Engine, Store};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::{Moment, Switch};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream?snapshot=1";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_restored_from_a_backup_gets_again_what_it_forgot() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let kiosk = Kiosk::number(&server, 0, &switch.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    kiosk.change_to("setup").await;
    kiosk.sent().await;

    let (backup, server) = backed_up(server);
    switch.leads_to(&server);
    for key in ["cleaning", "setup", "cleaning"] {
        kiosk.change_to(key).await;
    }
    kiosk.sent().await;
    assert_eq!(Caller::kiosk(&server, 0).get("/api/kiosks/me").await.ok()["lastSeq"], 5);

    let server = restored(server, backup.path());
    assert_eq!(Caller::kiosk(&server, 0).get("/api/kiosks/me").await.ok()["lastSeq"], 2, "it is as it was");
    switch.leads_to(&server);
    let database = server.data_dir().join("millrace.db");
    let told = async {
        while count(&database, "SELECT count(*) FROM actions").await < 4 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(45), told).await.unwrap();
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    assert_eq!(count(&database, "SELECT count(*) FROM status_events").await, 5, "once each");
    let board = Caller::admin(&server).await.get(BOARD).await.ok();
    assert_eq!(board["sessions"][0]["currentStatus"]["key"], "cleaning");
    assert_eq!(board["sessions"][0]["version"], serde_json::json!(view.session.unwrap().session.version));
}

/// Its data are again as they were when they were copied.
fn restored(server: TestServer, backup: &Path) -> TestServer {
    let folder = server.kill9();
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    copy(backup, &folder.path().join("data"));
    TestServer::demo_in(folder, &[])
}

/// A copy of its data, and the server started again on them.
fn backed_up(server: TestServer) -> (TempDir, TestServer) {
    let (_, _, folder) = server.term();
    let backup = tempfile::tempdir().unwrap();
    copy(&folder.path().join("data"), backup.path());
    (backup, TestServer::demo_in(folder, &[]))
}

#[tokio::test]
async fn a_restored_server_gets_again_what_it_forgot_where_no_heart_beats_any_more() {
    for restarts in [false, true] {
        let server = TestServer::demo(&[]);
        let switch = Switch::to(&server).await;
        let mut kiosk = Kiosk::number(&server, 0, &switch.url).await;
        kiosk.sign_in(&server, 0).await;
        kiosk.engine.open(station(&server, 0), None).await.unwrap();
        kiosk.change_to("setup").await;
        kiosk.sent().await;
        let (backup, server) = backed_up(server);
        switch.leads_to(&server);
        for key in ["cleaning", "setup", "cleaning"] {
            kiosk.change_to(key).await;
        }
        kiosk.sent().await;

        switch.turn_off();
        kiosk.shows("offline", |view| view.link.state == LinkState::Offline).await;
        kiosk.engine.end(Ending::default()).await.unwrap();
        if restarts {
            kiosk = kiosk.restarted().await;
        }
        let server = restored(server, backup.path());
        switch.leads_to(&server);
        kiosk.sent().await;
        let database = database_of(&server);
        assert_eq!(count(&database, "SELECT count(*) FROM actions").await, 5, "each tap once ({restarts})");
        assert_eq!(count(&database, "SELECT count(*) FROM status_events").await, 5);
        assert_eq!(count(&database, "SELECT count(*) FROM quarantine").await, 0);
        assert_eq!(count(&database, "SELECT count(*) FROM sessions WHERE close_reason = 'completed'").await, 1);
        assert!(kiosk.engine.view().unsaid.is_empty());
    }
}

#[tokio::test]
async fn sessions_that_began_since_the_backup_are_there_again_with_all_that_was_tapped_in_them() {
    for ends in [false, true] {
        let server = TestServer::demo(&[]);
        let switch = Switch::to(&server).await;
        let kiosk = Kiosk::number(&server, 0, &switch.url).await;
        kiosk.sign_in(&server, 0).await;
        let (backup, server) = backed_up(server);
        switch.leads_to(&server);
        kiosk.engine.open(station(&server, 0), None).await.unwrap();
        kiosk.change_to("setup").await;
        kiosk.sent().await;
        kiosk.sign_in(&server, 1).await;
        kiosk.engine.hand_over(TakingOver::default()).await.unwrap();
        kiosk.change_to("cleaning").await;
        let own = kiosk.sent().await.session.unwrap().session.id;
        if ends {
            switch.turn_off();
            kiosk.shows("offline", |view| view.link.state == LinkState::Offline).await;
            kiosk.engine.end(Ending::default()).await.unwrap();
        }
        let server = restored(server, backup.path());
        switch.leads_to(&server);
        let database = database_of(&server);
        let told = async {
            while count(&database, "SELECT count(*) FROM actions").await < 4 + i64::from(ends) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let told = tokio::time::timeout(Duration::from_secs(45), told).await;
        assert!(told.is_ok(), "{ends}: {:#?}", kiosk.engine.view());
        let view = kiosk.sent().await;
        assert!(view.ended.is_none() && view.unsaid.is_empty(), "{ends}: {view:#?}");
        let shown = view.session.map(|own| (own.session.id, own.epoch, own.unsent));
        assert_eq!(shown, (!ends).then_some((own, 1, false)));
        for (query, wanted) in [
            ("SELECT count(*) FROM sessions", 2),
            ("SELECT count(*) FROM sessions WHERE status = 'active'", i64::from(!ends)),
            ("SELECT count(*) FROM sessions WHERE close_reason = 'handover'", 1),
            ("SELECT count(*) FROM quarantine", 0),
        ] {
            assert_eq!(count(&database, query).await, wanted, "{ends}: {query}");
        }
    }
}

#[tokio::test]
async fn a_handover_that_was_not_heard_goes_on_here_as_the_same_session_and_counts_once() {
    for moment in [Moment::Request, Moment::Answer] {
        let server = TestServer::demo(&[]);
        let switch = Switch::to(&server).await;
        let kiosk = Kiosk::number(&server, 0, &switch.url).await;
        kiosk.shows("provisions", |view| view.provisions.is_some()).await;
        kiosk.sign_in(&server, 0).await;
        kiosk.engine.open(station(&server, 0), None).await.unwrap();
        let items = kiosk.engine.job_items(station(&server, 0)).await.unwrap().items;
        let item = items.iter().find(|item| !item.first_product_approval).unwrap();
        let choice = json!({"jobItemId": item.id, "stepId": item.step_id});
        kiosk.engine.bind(serde_json::from_value(choice).unwrap()).await.unwrap();
        kiosk.change_to("production").await;
        kiosk.sent().await;
        kiosk.sign_in(&server, 1).await;

        switch.cut_at("/api/sessions/handover", moment);
        let taking = || TakingOver {
            quantities: Some(serde_json::from_value(json!({"good": 7})).unwrap()),
            ..TakingOver::default()
        };
        let cut = async {
            tokio::time::timeout(Duration::from_secs(45), switch.was_cut()).await.unwrap();
            switch.turn_off();
        };
        let (first, ()) = tokio::join!(kiosk.engine.hand_over(taking()), cut);
        let folder = server.kill9();
        // Whoever sees nothing taps again.
        let tapped_again = kiosk.engine.hand_over(taking()).await;
        assert!(first.is_ok() && tapped_again.is_err(), "{moment:?}: {first:?}, {tapped_again:?}");
        let own = kiosk.engine.view().session.unwrap();
        assert_eq!(own.session.worker_id, kiosk.engine.view().worker.unwrap().id);
        kiosk.engine.call(None).await.unwrap();
        let server = TestServer::demo_in(folder, &[]);
        switch.leads_to(&server);
        let view = kiosk.sent().await;
        assert!(view.unsaid.is_empty(), "{moment:?}: {:?}", view.unsaid);
        let shown = view.session.unwrap();
        assert_eq!((shown.session.id, shown.unsent), (own.session.id, false), "{moment:?}");
        let database = database_of(&server);
        for (query, wanted) in [
            ("SELECT count(*) FROM sessions", 2),
            ("SELECT count(*) FROM sessions WHERE status = 'active'", 1),
            ("SELECT sum(total_good) FROM sessions", 7),
            ("SELECT count(*) FROM quarantine", 0),
        ] {
            assert_eq!(count(&database, query).await, wanted, "{moment:?}: {query}");
        }
    }
}

#[tokio::test]
async fn a_message_that_was_confirmed_without_the_server_is_not_shown_again_after_a_restart() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let switch = Switch::to(&server).await;
    let kiosk = Kiosk::number(&server, 0, &switch.url).await;
    let path = format!("/api/admin/kiosks/{}/messages", server.ready["kiosks"][0]["id"].as_str().unwrap());
    let sent = admin.post(&path, json!({"text": "Fire drill at ten"})).await.ok();
    kiosk.shows("the message", |view| !view.messages.is_empty()).await;
    switch.turn_off();
    kiosk.engine.confirm_message(sent["id"].as_str().unwrap().parse().unwrap()).await.unwrap();
    let kiosk = kiosk.restarted().await;
    switch.leads_to(&server);
    let mut view = kiosk.engine.watch();
    let told = async {
        while count(&database_of(&server), "SELECT count(*) FROM messages WHERE confirmed_at IS NOT NULL").await == 0 {
            assert!(view.borrow_and_update().messages.is_empty());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(45), told).await.unwrap();
}

#[tokio::test]
async fn what_the_server_refuses_after_the_worker_has_gone_lies_with_the_supervisor() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let switch = Switch::to(&server).await;
    let clock = Arc::new(DrivenClock::new());
    let kiosk = driven(&server, 0, &switch.url, &clock).await;
    switch.turn_off();
    kiosk.change_to("cleaning").await;
    // Meanwhile the status is taken out of use, and the worker has gone.
    let statuses = admin.get("/api/admin/status-definitions?limit=200").await.ok();
    let all = statuses["items"].as_array().unwrap();
    let cleaning = all.iter().find(|status| status["key"] == "cleaning").unwrap();
    let path = format!("/api/admin/status-definitions/{}", cleaning["id"].as_str().unwrap());
    drop(admin.delete(&path, &cleaning["version"]).await.ok());
    for _ in 0..8 {
        clock.advance(Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    switch.leads_to(&server);
    let waits = async {
        while kiosk.engine.view().waiting > 0 {
            clock.advance(Duration::from_secs(1));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(45), waits).await.unwrap();
    let view = kiosk.engine.view();
    assert_eq!(view.last_action.unwrap().state, ActionState::Parked);
    assert_eq!(view.session.unwrap().session.current_status.unwrap().key, "setup", "what was refused is not shown");
    let page = admin.get("/api/admin/quarantine").await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
    assert_eq!(page["items"][0]["problem"]["code"], "STATUS_NOT_ALLOWED");
    kiosk.change_to("stop").await;
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied, "the queue goes on");
}

/// A kiosk whose time the test drives.
pub(super) async fn driven(server: &TestServer, number: usize, url: &str, clock: &Arc<DrivenClock>) -> Kiosk {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("kiosk.db")).await.unwrap();
    let boot = Arc::new(DrivenBoot::new(clock.clone(), &format!("boot {number}")));
    let engine = Engine::start_on(store, clock.clone(), boot, Arc::new(SystemChance)).await.unwrap();
    let kiosk = Kiosk { engine, folder };
    kiosk.engine.adopt(Kiosk::identity(server, number, url)).await.unwrap();
    kiosk.sign_in(server, number).await;
    kiosk.engine.open(station(server, number), None).await.unwrap();
    kiosk.change_to("setup").await;
    kiosk.sent().await;
    kiosk
}

#[tokio::test]
async fn after_six_minutes_without_the_server_nobody_is_closed_and_every_tap_is_in_history_once() {
    const KIOSKS: usize = 200;
    const MINUTES: u64 = 6;
    let server = TestServer::demo(&["--kiosks", "200"]);
    let switch = Switch::to(&server).await;
    let clock = Arc::new(DrivenClock::new());
    let mut kiosks = vec![];
    for number in 0..KIOSKS {
        kiosks.push(driven(&server, number, &switch.url, &clock).await);
    }
    let database = server.data_dir().join("millrace.db");
    let begun = count(&database, "SELECT count(*) FROM status_events").await;
    assert_eq!(begun, 2 * i64::try_from(KIOSKS).unwrap());

    let folder = server.kill9();
    for key in ["cleaning", "setup"] {
        for kiosk in &kiosks {
            kiosk.change_to(key).await;
        }
    }
    for _ in 0..MINUTES * 60 {
        // No longer steps: what is due within one of them would fall into step for good.
        clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for kiosk in &kiosks {
        assert_eq!((kiosk.engine.view().waiting, kiosk.session().unwrap().1), (2, 1));
    }

    // The kiosks are not to stand still meanwhile, or all would be late in the same instant.
    let starting = tokio::task::spawn_blocking(move || TestServer::demo_in(folder, &["--kiosks", "200"]));
    let server = starting.await.unwrap();
    server.jump_wall(i64::try_from(MINUTES * 60_000).unwrap());
    // Two hundred engines in one process are behind such a time; what they catch up with is not to look like a rush.
    // Whoever answers has done what he was asked before.
    for _ in 0..2 {
        for kiosk in &kiosks {
            drop(kiosk.engine.requests().await);
        }
    }
    let seen = switch.passed("/api/sessions/heartbeat").len();
    let came = switch.came();
    switch.leads_to(&server);
    let back = clock.monotonic();
    // Their time goes on in small steps, so that it shows how they spread.
    let mut beats = BTreeMap::new();
    let mut counted = seen;
    while kiosks.iter().any(|kiosk| kiosk.engine.view().waiting > 0) {
        clock.advance(Duration::from_millis(200));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = switch.passed("/api/sessions/heartbeat").len();
        *beats.entry((clock.monotonic() - back).as_secs()).or_insert(0) += now - counted;
        counted = now;
        assert!(clock.monotonic() - back < Duration::from_secs(120), "the outboxes do not drain");
    }
    let took = clock.monotonic() - back;
    #[expect(clippy::print_stdout, reason = "figures for people")]
    {
        println!("drained in {took:?} of their time; heartbeats by second: {beats:?}");
    }
    let most = beats.values().copied().max().unwrap_or_default();
    assert!(most <= KIOSKS / 4, "they come all at once: {beats:?}");
    let seconds = beats.values().filter(|beats| **beats > 0).count();
    assert!(seconds >= 8, "they come within a few seconds: {beats:?}");
    // Whoever's entry is the first to reach the server beats with the next: no heart waits for an outbox.
    let order = switch.order_of("/api/sessions/heartbeat", came);
    assert_eq!(order.len(), KIOSKS, "all of them came");
    for (kiosk, order) in &order {
        assert!(order.iter().take(3).any(|is_beat| *is_beat), "{kiosk} had its outbox before its heart: {order:?}");
    }
    for kiosk in &kiosks {
        let view = kiosk.engine.view();
        assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
        assert!(view.ended.is_none() && view.session.unwrap().epoch == 1);
    }
    assert_eq!(count(&database_of(&server), "SELECT count(*) FROM status_events").await, 2 * begun, "once each");
    let closed = "SELECT count(*) FROM sessions WHERE status <> 'active'";
    assert_eq!(count(&database_of(&server), closed).await, 0, "nobody is closed");
    // The watch runs again and has no reason to close anybody.
    server.advance(30_000);
    assert_eq!(count(&database_of(&server), closed).await, 0);
    // At the time of the tap, not of the return.
    let late = "SELECT count(*) FROM status_events WHERE started_at > \
                (SELECT min(started_at) FROM status_events) + 240000";
    assert_eq!(count(&database_of(&server), late).await, 0);
}

fn database_of(server: &TestServer) -> std::path::PathBuf {
    server.data_dir().join("millrace.db")
}
