//! The server is away for minutes, or comes back as it was yesterday.

use super::{Kiosk, station};
use millrace_domain::{Clock, DrivenClock, SystemChance};
use millrace_kiosk::boot::DrivenBoot;
use millrace_kiosk::view::ActionState;
use millrace_kiosk::{Engine, Store};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::Switch;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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

    let (_, _, folder) = server.term();
    let backup = tempfile::tempdir().unwrap();
    copy(&folder.path().join("data"), backup.path());
    let server = TestServer::demo_in(folder, &[]);
    switch.leads_to(&server);
    for key in ["cleaning", "setup", "cleaning"] {
        kiosk.change_to(key).await;
    }
    kiosk.sent().await;
    assert_eq!(Caller::kiosk(&server, 0).get("/api/kiosks/me").await.ok()["lastSeq"], 4);

    let folder = server.kill9();
    std::fs::remove_dir_all(folder.path().join("data")).unwrap();
    copy(backup.path(), &folder.path().join("data"));
    let server = TestServer::demo_in(folder, &[]);
    assert_eq!(Caller::kiosk(&server, 0).get("/api/kiosks/me").await.ok()["lastSeq"], 1, "it is as it was");
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
