//! The kiosk's engine against the real server, with a switch between them that a test can turn off.

pub(crate) mod asked;
mod crash;
mod dark;
mod fence;
mod outage;

use millrace_domain::{Clock, SystemChance, SystemClock};
use millrace_kiosk::stream::{StreamMessage, StreamState};
use millrace_kiosk::view::{ActionState, Ended, Ending, KioskView, LinkState, TakingOver};
use millrace_kiosk::{Desk, Engine, Identity, StatusChange, Store};
use millrace_protocol::{Code, StationId};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::switch::Switch;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A kiosk's process on a disk of its own.
struct Kiosk {
    engine: Engine,
    folder: TempDir,
}

impl Kiosk {
    async fn number(server: &TestServer, number: usize, url: &str) -> Self {
        let kiosk = Self::on(tempfile::tempdir().unwrap()).await;
        kiosk.engine.adopt(Self::identity(server, number, url)).await.unwrap();
        kiosk
    }

    fn identity(server: &TestServer, number: usize, url: &str) -> Identity {
        let ready = &server.ready["kiosks"][number];
        Identity {
            server_url: url.to_owned(),
            kiosk_id: ready["id"].as_str().unwrap().parse().unwrap(),
            kiosk_name: format!("Kiosk {number}"),
            token: ready["token"].as_str().unwrap().to_owned(),
            station_id: None,
        }
    }

    async fn on(folder: TempDir) -> Self {
        let store = Store::open(&folder.path().join("kiosk.db")).await.unwrap();
        let engine = Engine::start(store, Arc::new(SystemClock::new()), Arc::new(SystemChance)).await.unwrap();
        Self { engine, folder }
    }

    async fn restarted(self) -> Self {
        self.engine.shutdown().await;
        Self::on(self.folder).await
    }

    async fn sign_in(&self, server: &TestServer, worker: usize) {
        let worker = &server.ready["workers"][worker];
        let pin = worker["pin"].as_str().map(str::to_owned);
        self.engine.sign_in(worker["code"].as_str().unwrap().to_owned(), pin).await.unwrap();
    }

    async fn change_to(&self, key: &str) {
        let station = self.session().unwrap().0;
        let statuses = self.engine.statuses(station).await.unwrap();
        let status = statuses.iter().find(|status| status.key == key).unwrap();
        self.engine.change_status(StatusChange::to(status.id)).await.unwrap();
    }

    /// Station, epoch and the key of the status.
    fn session(&self) -> Option<(StationId, u32, String)> {
        let own = self.engine.view().session?;
        Some((own.session.station_id, own.epoch, own.session.current_status?.key))
    }

    async fn shows(&self, what: &str, wanted: impl FnMut(&KioskView) -> bool) -> KioskView {
        let mut view = self.engine.watch();
        match tokio::time::timeout(Duration::from_secs(45), view.wait_for(wanted)).await {
            Ok(shown) => shown.unwrap().clone(),
            Err(_) => panic!("{what}: not shown in time; shown is {:#?}", self.engine.view()),
        }
    }

    async fn sent(&self) -> KioskView {
        self.shows("sent", |view| view.waiting == 0).await
    }
}

fn station(server: &TestServer, number: usize) -> StationId {
    let code = &server.ready["kiosks"][number]["stationCode"];
    let stations = server.ready["stations"].as_array().unwrap();
    stations.iter().find(|station| station["code"] == *code).unwrap()["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_session_from_sign_in_to_end() {
    let server = TestServer::demo(&[]);
    let kiosk = Kiosk::number(&server, 0, &server.url).await;
    kiosk.sign_in(&server, 0).await;
    let stations = kiosk.engine.stations().await.unwrap();
    assert!(
        stations.iter().any(|listed| listed.station.id == station(&server, 0) && listed.station.occupancy.is_none())
    );
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    assert_eq!(kiosk.session().unwrap().2, "stop");
    kiosk.change_to("setup").await;
    assert_eq!(kiosk.session().unwrap().2, "setup", "shown before it is sent");
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    assert!(view.session.unwrap().status_event.is_some());
    kiosk.engine.end(Ending::default()).await.unwrap();
    let view = kiosk.sent().await;
    assert!(view.session.is_none() && view.ended.is_none());
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    let stations = kiosk.engine.stations().await.unwrap();
    assert!(stations.iter().all(|station| station.station.occupancy.is_none()), "the station is free again");
}

#[tokio::test]
async fn the_loser_of_a_takeover_is_told_at_once_by_whom() {
    let server = TestServer::demo(&[]);
    let first = Kiosk::number(&server, 0, &server.url).await;
    first.sign_in(&server, 0).await;
    first.engine.open(station(&server, 0), None).await.unwrap();
    first.shows("in contact", |view| view.link.state == LinkState::Online).await;

    let second = Kiosk::number(&server, 1, &server.url).await;
    second.sign_in(&server, 0).await;
    let resumable = second.engine.view().resumable.unwrap();
    assert!(!resumable.here);
    second.engine.resume().await.unwrap();
    assert_eq!(second.session().unwrap().1, 2);

    let told = tokio::time::timeout(Duration::from_secs(8), first.shows("lost", |view| view.ended.is_some())).await;
    let Some(Ended::Transferred { kiosk_name: Some(name), at: Some(_), .. }) = told.unwrap().ended else {
        panic!("{:#?}", first.engine.view());
    };
    assert!(!name.is_empty());
    assert!(first.session().is_none());
    second.change_to("setup").await;
    assert_eq!(second.sent().await.last_action.unwrap().state, ActionState::Applied);
}

#[tokio::test]
async fn what_was_tapped_without_the_server_is_sent_after_it_was_killed_and_started_again() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let kiosk = Kiosk::number(&server, 0, &switch.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    kiosk.change_to("setup").await;
    kiosk.sent().await;

    switch.turn_off();
    for key in ["stop", "setup", "stop", "setup"] {
        kiosk.change_to(key).await;
    }
    assert_eq!(kiosk.engine.view().waiting, 4);
    assert_eq!(kiosk.session().unwrap().2, "setup");
    kiosk.shows("offline", |view| view.link.state == LinkState::Offline).await;

    // Both ends die; both come back as they were.
    let kiosk = kiosk.restarted().await;
    assert_eq!(kiosk.session().unwrap(), (station(&server, 0), 1, "setup".to_owned()));
    let folder = server.kill9();
    let server = TestServer::demo_in(folder, &[]);
    switch.leads_to(&server);
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    assert_eq!(kiosk.session().unwrap().1, 1, "no takeover");
    let me = Caller::kiosk(&server, 0).get("/api/kiosks/me").await.ok();
    assert_eq!(me["lastSeq"], 6, "each tap once; the opening keeps the first number to itself");
    let board = Caller::admin(&server).await.get("/api/admin/dashboard/active-sessions/stream?snapshot=1").await.ok();
    assert_eq!(board["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(board["sessions"][0]["currentStatus"]["key"], "setup");
}

#[tokio::test]
async fn a_restarted_kiosk_goes_on_with_its_claim() {
    let server = TestServer::demo(&[]);
    let kiosk = Kiosk::number(&server, 0, &server.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    kiosk.change_to("setup").await;
    kiosk.sent().await;
    let before = kiosk.session();
    let kiosk = kiosk.restarted().await;
    assert_eq!(kiosk.session(), before);
    kiosk.shows("in contact", |view| view.link.state == LinkState::Online).await;
    kiosk.change_to("stop").await;
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    assert_eq!(view.session.unwrap().epoch, 1);
}

#[tokio::test]
async fn what_was_made_before_a_restart_in_production_is_counted_after_it() {
    let server = TestServer::demo(&[]);
    let kiosk = Kiosk::number(&server, 0, &server.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    let items = kiosk.engine.job_items(station(&server, 0)).await.unwrap().items;
    let item = items.iter().find(|item| !item.first_product_approval).unwrap();
    let choice = json!({"jobItemId": item.id, "stepId": item.step_id});
    kiosk.engine.bind(serde_json::from_value(choice).unwrap()).await.unwrap();
    kiosk.change_to("production").await;
    kiosk.sent().await;
    let kiosk = kiosk.restarted().await;
    kiosk.shows("its session", |view| view.session.is_some()).await;
    assert_eq!(kiosk.session().unwrap().2, "production");
    kiosk.engine.count(serde_json::from_value(json!({"good": 7})).unwrap()).await.unwrap();
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    // And what is left with a count is counted in the same action.
    let kiosk = kiosk.restarted().await;
    kiosk.shows("its session", |view| view.session.is_some()).await;
    let quantities = Some(serde_json::from_value(json!({"good": 5})).unwrap());
    kiosk.engine.end(Ending { quantities, checklist: None }).await.unwrap();
    kiosk.sent().await;
    let admin = Caller::admin(&server).await;
    let ended = admin.get("/api/admin/sessions?limit=1").await.ok()["items"][0].clone();
    assert_eq!((&ended["totals"]["good"], &ended["countMissing"]), (&json!(12), &json!(false)));
}

#[tokio::test]
async fn the_next_worker_takes_the_machine_over() {
    let server = TestServer::demo(&[]);
    let kiosk = Kiosk::number(&server, 0, &server.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    kiosk.change_to("setup").await;
    let before = kiosk.engine.view().session.unwrap();
    kiosk.sign_in(&server, 1).await;
    kiosk.engine.hand_over(TakingOver::default()).await.unwrap();
    let after = kiosk.engine.view();
    let own = after.session.unwrap();
    assert_ne!(own.session.id, before.session.id);
    assert_eq!(own.session.worker_id, after.worker.unwrap().id);
    assert_eq!(own.session.current_status.unwrap().key, "setup", "the machine runs on");
    kiosk.change_to("stop").await;
    let view = kiosk.sent().await;
    assert_eq!(view.last_action.unwrap().state, ActionState::Applied);
    assert!(view.ended.is_none(), "{:?}", view.ended);
}

#[tokio::test]
async fn a_second_session_is_refused_and_the_first_one_offered() {
    let server = TestServer::demo(&[]);
    let first = Kiosk::number(&server, 0, &server.url).await;
    first.sign_in(&server, 0).await;
    let second = Kiosk::number(&server, 1, &server.url).await;
    second.sign_in(&server, 0).await;
    first.engine.open(station(&server, 0), None).await.unwrap();
    let refused = second.engine.open(station(&server, 1), None).await.unwrap_err();
    assert_eq!(refused.problem().code, Code::SessionAlreadyExists);
    let view = second.shows("offered", |view| view.resumable.is_some()).await;
    assert_eq!(view.resumable.unwrap().session.id, first.engine.view().session.unwrap().session.id);
    second.engine.discard().await.unwrap();
    let view = first.shows("lost", |view| view.ended.is_some()).await;
    assert!(view.session.is_none());
    second.engine.open(station(&server, 1), None).await.unwrap();
}

#[tokio::test]
async fn a_wrong_pin_is_a_problem_and_an_unknown_token_is_said() {
    let server = TestServer::demo(&[]);
    let kiosk = Kiosk::number(&server, 0, &server.url).await;
    let code = server.ready["workers"][0]["code"].as_str().unwrap().to_owned();
    let refused = kiosk.engine.sign_in(code, Some("1".into())).await.unwrap_err();
    assert_eq!(refused.problem().code, Code::Unauthenticated);
    kiosk.shows("in contact", |view| view.link.state == LinkState::Online).await;

    let stranger = Kiosk::on(tempfile::tempdir().unwrap()).await;
    let identity = Identity {
        server_url: server.url.clone(),
        kiosk_id: server.ready["kiosks"][1]["id"].as_str().unwrap().parse().unwrap(),
        kiosk_name: "Stranger".into(),
        token: "not-a-token".into(),
        station_id: None,
    };
    stranger.engine.adopt(identity).await.unwrap();
    stranger.shows("refused", |view| view.link.state == LinkState::Refused).await;
}

#[tokio::test]
async fn a_kiosk_is_enrolled_by_a_code_once() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let body = serde_json::json!({"kioskName": "Hall 7", "stationId": station(&server, 0)});
    let code = admin.post("/api/admin/enrolment-codes", body).await.ok()["code"].as_str().unwrap().to_owned();
    let kiosk = Kiosk::on(tempfile::tempdir().unwrap()).await;
    assert!(kiosk.engine.view().kiosk.is_none());
    kiosk.engine.enroll(server.url.clone(), code.clone()).await.unwrap();
    let shown = kiosk.engine.view().kiosk.unwrap();
    assert_eq!((shown.name.as_str(), shown.station_id), ("Hall 7", Some(station(&server, 0))));
    kiosk.sign_in(&server, 1).await;
    let another = Kiosk::on(tempfile::tempdir().unwrap()).await;
    another.engine.enroll(server.url.clone(), code).await.unwrap_err();
}

#[tokio::test]
async fn the_desk_sees_the_floor_live_and_through_a_restart_of_the_server() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let desk = Desk::new(clock, Arc::new(SystemChance));
    assert!(desk.me().await.unwrap().is_none());
    desk.watch(&["active-sessions"]).unwrap_err();
    let admin = &server.ready["admin"];
    let (name, password) = (admin["username"].as_str().unwrap(), admin["password"].as_str().unwrap());
    desk.log_in(&switch.url, name, "wrong").await.unwrap_err();
    assert_eq!(desk.log_in(&switch.url, name, password).await.unwrap().user.username, name);
    assert_eq!(desk.me().await.unwrap().unwrap().user.username, name);

    let mut board = desk.watch(&["active-sessions"]).unwrap();
    let mut states = vec![];
    let mut next = async |states: &mut Vec<StreamState>, wanted: &str| {
        let found = async {
            loop {
                match board.next().await.unwrap() {
                    StreamMessage::Event { name, data, .. } if name == wanted => return data,
                    StreamMessage::State { state, .. } => states.push(state),
                    StreamMessage::Event { .. } | StreamMessage::Refused { .. } => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(45), found).await.expect(wanted)
    };
    assert_eq!(next(&mut states, "initial").await["sessions"], serde_json::json!([]));
    let kiosk = Kiosk::number(&server, 0, &switch.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    next(&mut states, "insert").await;
    kiosk.change_to("setup").await;
    assert_eq!(next(&mut states, "update").await["session"]["currentStatus"]["key"], "setup");
    assert_eq!(states, [StreamState::Connecting, StreamState::Live]);

    let server = TestServer::demo_in(server.kill9(), &[]);
    switch.leads_to(&server);
    kiosk.engine.end(Ending::default()).await.unwrap();
    kiosk.sent().await;
    next(&mut states, "delete").await;
    assert!(states.contains(&StreamState::Stale) && states.last() == Some(&StreamState::Live), "{states:?}");
}
