//! The engine against a server that says what it is told to: what is shown, what is sent, what survives.

mod alone;
mod back;
mod disk;
mod office;
mod outage;
mod server;
mod time;
mod trade;
mod undo;

use super::*;
use crate::Engine;
use crate::boot::DrivenBoot;
use crate::engine::StatusChange;
use crate::view::{ActionState, Ending, KioskView};
use millrace_domain::{DrivenClock, SystemChance};
use millrace_protocol::session::CloseReason;
use millrace_protocol::{Code, KioskId, Problem, StatusDefinitionId};
use serde_json::{Value, json};
use server::{BROKEN, EVENT, RUNS, STATION, STOP, Server, code, event, no, ok, proxy, session};
use tempfile::TempDir;
use uuid::Uuid;

struct Kiosk {
    engine: Engine,
    clock: Arc<DrivenClock>,
    boot: Arc<DrivenBoot>,
    /// The same disk as the engine's.
    store: Store,
    folder: TempDir,
}

impl Kiosk {
    /// A kiosk of this server, with nobody at it.
    async fn of(server: &Server) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(DrivenClock::new());
        let boot = Arc::new(DrivenBoot::new(clock.clone(), "the first boot"));
        let kiosk = Self::on(folder, clock, boot).await;
        kiosk.engine.adopt(identity(&server.url)).await.expect("adopts");
        kiosk
    }

    /// A process on this disk.
    async fn on(folder: TempDir, clock: Arc<DrivenClock>, boot: Arc<DrivenBoot>) -> Self {
        let store = Store::open(&folder.path().join("kiosk.db")).await.expect("opens");
        let engine =
            Engine::start_on(store.clone(), clock.clone(), boot.clone(), Arc::new(SystemChance)).await.expect("starts");
        Self { engine, clock, boot, store, folder }
    }

    /// Ends the process and starts another one on the same disk.
    async fn restarted(self) -> Self {
        self.engine.shutdown().await;
        Self::on(self.folder, self.clock, self.boot).await
    }

    /// The machine boots anew, with its wall clock set by so many milliseconds.
    async fn rebooted(self, id: &str, wall: i64) -> Self {
        self.engine.shutdown().await;
        self.clock.jump_wall(wall);
        let boot = Arc::new(DrivenBoot::new(self.clock.clone(), id));
        Self::on(self.folder, self.clock, boot).await
    }

    /// The cable is out.
    async fn unplugged(&self) {
        self.engine.adopt(identity(NOWHERE)).await.expect("moves");
        self.shows(|view| view.link.state == LinkState::Offline).await;
    }

    /// The cable is in again.
    async fn plugged_in(&self, server: &Server) {
        self.engine.adopt(identity(&server.url)).await.expect("moves back");
    }

    async fn at_work(server: &Server) -> Self {
        let kiosk = Self::of(server).await;
        kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
        kiosk.engine.open(STATION.parse().expect("an id"), None).await.expect("opens");
        let statuses = kiosk.engine.statuses(STATION.parse().expect("an id")).await.expect("lists");
        // Its own list or that of the provisions, whichever came first.
        assert!(statuses.len() >= 2, "{statuses:?}");
        kiosk
    }

    async fn shows(&self, wanted: impl FnMut(&KioskView) -> bool) -> KioskView {
        let mut view = self.engine.watch();
        let shown = tokio::time::timeout(Duration::from_secs(10), view.wait_for(wanted)).await;
        match shown {
            Ok(shown) => shown.expect("runs").clone(),
            Err(_) => panic!("not shown in time; shown is {:#?}", self.engine.view()),
        }
    }

    /// Lets half a minute pass, again and again, until it is so.
    async fn passes_until(&self, mut so: impl FnMut() -> bool) {
        for _ in 0..200 {
            for _ in 0..20_000 {
                if so() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            self.clock.advance(Duration::from_secs(31));
        }
        panic!("it never is; shown is {:#?}", self.engine.view());
    }

    async fn status(&self, id: &str) -> Result<(), CommandError> {
        let status_definition_id: StatusDefinitionId = id.parse().expect("an id");
        self.engine.change_status(StatusChange::to(status_definition_id)).await
    }
}

fn identity(url: &str) -> Identity {
    Identity {
        server_url: url.to_owned(),
        kiosk_id: KioskId(Uuid::from_u128(9)),
        kiosk_name: "Kiosk 9".into(),
        token: "a secret".into(),
        station_id: None,
    }
}

/// An address at which nobody answers.
const NOWHERE: &str = "http://127.0.0.1:1";

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).expect("is JSON")
}

#[tokio::test]
async fn a_session_is_opened_and_the_heart_beats_at_once() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let view = kiosk.engine.view();
    assert_eq!(view.session.expect("a session").epoch, 1);
    assert_eq!(view.link.state, LinkState::Online);
    server.asked_times("/api/sessions/heartbeat", 1).await;
    let (opened, beat) =
        (parsed(&server.asked("/api/sessions")[0]), parsed(&server.asked("/api/sessions/heartbeat")[0]));
    assert_eq!(beat["instanceId"], opened["instanceId"]);
    assert_eq!(beat["epoch"], 1);
}

#[tokio::test]
async fn the_heart_beats_again_when_the_server_wants_it_and_not_before() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    kiosk.shows(|view| view.session.is_some()).await;
    let before = server.asked("/api/sessions/heartbeat").len();
    kiosk.clock.advance(Duration::from_secs(5));
    kiosk.engine.statuses(STATION.parse().expect("an id")).await.expect("lists");
    assert_eq!(server.asked("/api/sessions/heartbeat").len(), before);
    kiosk.clock.advance(Duration::from_secs(11));
    server.asked_times("/api/sessions/heartbeat", before + 1).await;
}

#[tokio::test]
async fn a_machine_that_slept_asks_at_once() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    // Asleep, the wall clock runs on and the steady one stands still.
    kiosk.clock.jump_wall(3_600_000);
    kiosk.clock.advance(Duration::from_secs(3));
    server.asked_times("/api/sessions/heartbeat", 2).await;
}

#[tokio::test]
async fn a_tap_shows_at_once_and_is_sent_with_the_claim_and_the_servers_time() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.always("/api/status-events", ok(&json!({"outcome": "applied", "statusEvent": event()})));
    kiosk.status(RUNS).await.expect("saves");
    let shown = kiosk.engine.view().session.expect("a session").session;
    assert_eq!(shown.current_status.expect("a status").key, "production");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(view.last_action.expect("an action").state, ActionState::Applied);
    assert_eq!(view.session.expect("a session").status_event.expect("an event").id.to_string(), EVENT);
    let body = parsed(&server.asked("/api/status-events")[0]);
    assert_eq!(body["action"]["seq"], 2, "the opening has the first, should the server ever forget it");
    assert_eq!(body["action"]["clock"], "synced");
    // The server's clock is years ahead of this machine's.
    assert!(body["action"]["occurredAt"].as_str().expect("a time").starts_with("2030-01-01T00:00:"), "{body}");
}

#[tokio::test]
async fn what_is_sent_again_are_the_same_bytes_until_there_is_an_answer() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let failures = [proxy(502), code(Code::Unavailable), proxy(200), code(Code::RateLimited), proxy(404)];
    for failure in failures {
        server.once("/api/status-events", failure);
    }
    kiosk.status(RUNS).await.expect("saves");
    for times in 1..=5 {
        kiosk.passes_until(|| server.asked("/api/status-events").len() >= times).await;
        let view = kiosk.shows(|view| view.waiting == 1).await;
        assert_eq!(view.last_action.expect("an action").state, ActionState::Saved);
    }
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    kiosk.shows(|view| view.waiting == 0).await;
    let sent = server.asked("/api/status-events");
    assert_eq!(sent.len(), 6);
    assert!(sent.iter().all(|body| *body == sent[0]), "{sent:#?}");
}

#[tokio::test]
async fn taps_without_a_server_are_kept_over_a_restart_and_go_out_in_order() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.engine.adopt(identity(NOWHERE)).await.expect("moves");
    for status in [RUNS, STOP, RUNS] {
        kiosk.status(status).await.expect("saves");
    }
    assert_eq!(kiosk.engine.view().waiting, 3);
    let before = kiosk.engine.view().session.expect("a session");

    let kiosk = kiosk.restarted().await;
    let view = kiosk.engine.view();
    assert_eq!(view.session.expect("the same session"), before, "the same screen, without the server");
    assert_eq!((view.waiting, view.worker.expect("a worker").code.as_str()), (3, "W1"));

    kiosk.engine.adopt(identity(&server.url)).await.expect("moves back");
    kiosk.shows(|view| view.waiting == 0).await;
    let sent: Vec<_> = server.asked("/api/status-events").iter().map(|body| parsed(body)).collect();
    let seen: Vec<_> = sent.iter().map(|body| (body["action"]["seq"].as_u64(), &body["statusDefinitionId"])).collect();
    assert_eq!(seen, [(Some(2), &json!(RUNS)), (Some(3), &json!(STOP)), (Some(4), &json!(RUNS))]);
    let instance = &parsed(&server.asked("/api/sessions")[0])["instanceId"];
    assert!(sent.iter().all(|body| body["action"]["instanceId"] == *instance), "the same claim");
    assert_eq!(server.asked("/api/sessions/takeover").len(), 0, "a restart is no takeover");
}

#[tokio::test]
async fn a_takeover_is_told_with_who_and_when() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let owner = json!({"kioskId": Uuid::from_u128(5), "kioskName": "Hall 2", "epoch": 2,
        "since": "2030-01-01T00:01:00.000Z"});
    let problem = Problem::new(Code::InstanceMismatch, "taken").with("owner", owner);
    server.always("/api/sessions/heartbeat", no(&problem));
    kiosk.clock.advance(Duration::from_secs(16));
    let view = kiosk.shows(|view| view.ended.is_some()).await;
    assert!(view.session.is_none());
    let Some(Ended::Transferred { kiosk_name, at, .. }) = view.ended else { panic!("{view:?}") };
    assert_eq!(kiosk_name.as_deref(), Some("Hall 2"));
    assert_eq!(at.expect("a time").to_string(), "2030-01-01T00:01:00.000Z");

    let kiosk = kiosk.restarted().await;
    assert!(kiosk.engine.view().ended.is_some(), "until it was seen");
    kiosk.engine.acknowledge_ended().await.expect("acknowledges");
    let view = kiosk.engine.view();
    assert!(view.ended.is_none() && view.worker.is_none());
    assert!(kiosk.status(RUNS).await.is_err(), "a displaced kiosk writes nothing");
}

#[tokio::test]
async fn a_closed_session_is_told_with_its_reason() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let problem = Problem::new(Code::SessionNotActive, "closed").with("reason", "forced").with("provisional", false);
    let problem = problem.with("by", "Dana").with("note", "went home");
    server.always("/api/sessions/heartbeat", no(&problem));
    kiosk.clock.advance(Duration::from_secs(16));
    let view = kiosk.shows(|view| view.ended.is_some()).await;
    let Some(Ended::Closed { reason: Some(CloseReason::Forced), by, note, .. }) = view.ended else {
        panic!("{view:?}");
    };
    assert_eq!((by.as_deref(), note.as_deref()), (Some("Dana"), Some("went home")));
}

#[tokio::test]
async fn a_session_closed_for_want_of_contact_gets_its_queue_before_it_is_given_up() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    server.always("/api/status-events", proxy(502));
    kiosk.status(RUNS).await.expect("saves");
    server.asked_times("/api/status-events", 1).await;
    let problem = Problem::new(Code::SessionNotActive, "idle").with("reason", "idle").with("provisional", true);
    server.always("/api/sessions/heartbeat", no(&problem));
    let beats = server.asked("/api/sessions/heartbeat").len();
    kiosk.clock.advance(Duration::from_secs(16));
    server.asked_times("/api/sessions/heartbeat", beats + 1).await;
    kiosk.clock.advance(Duration::from_secs(16));
    server.asked_times("/api/sessions/heartbeat", beats + 2).await;
    assert!(kiosk.engine.view().session.is_some(), "its queue may bring it back");
    assert_eq!(server.asked("/api/sessions/reopen").len(), 0, "the entry says it by itself");
    server.always("/api/status-events", ok(&json!({"outcome": "late"})));
    let occupied = Problem::new(Code::StationOccupied, "taken");
    server.always("/api/sessions/reopen", no(&occupied));
    kiosk.passes_until(|| kiosk.engine.view().ended.is_some()).await;
    let view = kiosk.engine.view();
    let Some(Ended::Closed { reason: Some(CloseReason::Idle), problem: Some(why), waiting: 0, .. }) = view.ended else {
        panic!("{view:?}")
    };
    assert_eq!(why.code, Code::StationOccupied);
    assert_eq!(view.unsaid.len(), 1, "what was late is told, what brings back is nobody's tap: {:?}", view.unsaid);
}

#[tokio::test]
async fn a_missing_right_holds_the_queue_says_so_and_lets_it_go() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.once("/api/status-events", code(Code::Forbidden));
    kiosk.status(RUNS).await.expect("saves");
    let view = kiosk.shows(|view| view.hold.is_some()).await;
    assert_eq!((view.waiting, view.hold.expect("a hold").code), (1, Code::Forbidden));
    kiosk.status(STOP).await.expect("saves all the same");
    assert_eq!(server.asked("/api/status-events").len(), 1, "held");
    kiosk.clock.advance(crate::outbox::HOLD + Duration::from_secs(1));
    kiosk.shows(|view| view.hold.is_none() && view.waiting == 0).await;
}

#[tokio::test]
async fn a_number_that_was_used_elsewhere_is_replaced() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let problem = Problem::new(Code::SeqReused, "used").with("lastSeq", 40);
    server.once("/api/status-events", no(&problem));
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    let sent: Vec<_> = server.asked("/api/status-events").iter().map(|body| parsed(body)).collect();
    assert_eq!(sent.iter().map(|body| body["action"]["seq"].clone()).collect::<Vec<_>>(), [json!(2), json!(41)]);
}

#[tokio::test]
async fn a_refused_action_is_said_and_does_not_stop_the_next() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.once("/api/status-events", code(Code::InvalidStatusTransition));
    kiosk.status(RUNS).await.expect("saves");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    let last = view.last_action.expect("an action");
    assert_eq!((last.state, last.problem.expect("why").code), (ActionState::Refused, Code::InvalidStatusTransition));
    let shown = view.session.expect("a session").session.current_status.expect("a status");
    assert_eq!(shown.key, "stop", "what was refused is not shown any more");
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.last_action.as_ref().is_some_and(|last| last.state == ActionState::Applied)).await;
}

#[tokio::test]
async fn what_breaks_a_rule_here_is_refused_before_it_is_saved() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let refused = kiosk.status(BROKEN).await.expect_err("wants a report");
    assert_eq!(refused.problem().code, Code::ReportRequired);
    let unknown = kiosk.status(SESSION_ID).await.expect_err("is none of the station's");
    assert_eq!(unknown.problem().code, Code::StatusNotAllowed);
    assert_eq!(kiosk.engine.view().waiting, 0);
}
const SESSION_ID: &str = server::SESSION;

#[tokio::test]
async fn an_end_is_over_for_the_worker_at_once_and_waits_for_the_server() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.once("/api/sessions/complete", proxy(502));
    kiosk.engine.end(Ending::default()).await.expect("saves");
    let view = kiosk.engine.view();
    assert!(view.session.is_none());
    assert!(kiosk.status(RUNS).await.is_err(), "after the end there is nothing to tap");
    let kiosk = kiosk.restarted().await;
    assert!(kiosk.engine.view().session.is_none(), "also after a restart");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert!(view.session.is_none() && view.ended.is_none());
}

#[tokio::test]
async fn the_next_session_waits_for_the_end_of_the_last() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.engine.end(Ending::default()).await.expect("saves");
    kiosk.engine.open(STATION.parse().expect("an id"), None).await.expect("opens");
    assert_eq!(server.asked("/api/sessions/complete").len(), 1);
    assert_eq!(server.asked("/api/sessions").len(), 2);
    assert!(kiosk.engine.view().session.is_some());
}

#[tokio::test]
async fn an_opening_whose_answer_was_lost_is_asked_again_with_the_same_instance() {
    let server = Server::start().await;
    let kiosk = Kiosk::of(&server).await;
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    server.once("/api/sessions", proxy(504));
    kiosk.engine.open(STATION.parse().expect("an id"), None).await.expect_err("has no answer");
    assert!(kiosk.engine.view().session.is_none());
    let kiosk = kiosk.restarted().await;
    // The process before has asked; nobody has to tap for the answer.
    kiosk.shows(|view| view.session.is_some()).await;
    let asked: Vec<_> = server.asked("/api/sessions").iter().map(|body| parsed(body)["instanceId"].clone()).collect();
    assert_eq!(asked[0], asked[1]);
    assert_eq!(server.asked("/api/sessions/takeover").len(), 0);
}

#[tokio::test]
async fn a_session_of_another_kiosk_is_taken_over() {
    let server = Server::start().await;
    let kiosk = Kiosk::of(&server).await;
    server.always(
        "/api/workers/login",
        ok(&json!({
        "worker": {"id": server::WORKER, "code": "W1", "name": "Ada", "language": "en"},
        "activeSession": {"session": session(1), "graceExpiresAt": "2030-01-01T00:05:00.000Z", "here": false},
        "lastSeq": 7, "serverTime": "2030-01-01T00:00:00.000Z"})),
    );
    kiosk.engine.sign_in("W1".into(), None).await.expect("signs in");
    assert!(kiosk.engine.view().resumable.is_some());
    kiosk.engine.resume().await.expect("takes over");
    let view = kiosk.engine.view();
    assert_eq!((view.session.expect("a session").epoch, view.resumable), (2, None));
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(parsed(&server.asked("/api/status-events")[0])["action"]["seq"], 8, "above what the server has seen");
}

#[tokio::test]
async fn a_kiosk_without_its_server_says_offline_and_a_revoked_one_says_refused() {
    let server = Server::start().await;
    let kiosk = Kiosk::of(&server).await;
    server.always("/api/kiosk/stream", code(Code::Unauthenticated));
    kiosk.clock.advance(Duration::from_secs(60));
    kiosk.shows(|view| view.link.state == LinkState::Refused).await;
    kiosk.engine.adopt(identity(NOWHERE)).await.expect("moves");
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
}

#[tokio::test]
async fn a_kiosk_with_something_to_send_becomes_no_other_kiosk() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    let mut other = identity(&server.url);
    other.kiosk_id = KioskId(Uuid::from_u128(10));
    let refused = kiosk.engine.adopt(other).await.expect_err("has a session");
    assert_eq!(refused.problem().code, Code::Conflict);
}

#[tokio::test]
async fn a_kiosk_that_the_server_does_not_know_any_more_is_enrolled_anew_and_what_waited_is_told() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.always("/api/status-events", code(Code::Unauthenticated));
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.link.state == LinkState::Refused).await;
    let mut other = identity(&server.url);
    other.kiosk_id = KioskId(Uuid::from_u128(10));
    kiosk.engine.adopt(other).await.expect("becomes another one");
    let view = kiosk.shows(|view| view.waiting == 0).await;
    assert!(view.session.is_none() && view.worker.is_none());
    let parked = parsed(&server.asked(crate::outbox::PARK)[0]);
    assert_eq!((&parked["seq"], &parked["body"]["statusDefinitionId"]), (&json!(2), &json!(RUNS)));
    let told = &view.unsaid[0];
    assert_eq!((told.state, told.worker.as_deref()), (ActionState::Parked, Some("Ada")));
}

#[tokio::test]
async fn what_the_server_says_of_its_time_holds_whatever_else_is_heard() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    server.once("/api/status-events", proxy(503).until(120));
    kiosk.status(RUNS).await.expect("saves");
    let began = kiosk.clock.monotonic();
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
    kiosk.passes_until(|| server.asked("/api/status-events").len() == 2).await;
    let after = kiosk.clock.monotonic() - began;
    assert!(after >= Duration::from_secs(120), "{after:?}");
    assert!(server.asked("/api/sessions/heartbeat").len() > 1, "the heart beat all the time");
}

#[tokio::test]
async fn after_an_outage_the_heart_is_heard_before_the_first_entry() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    server.always("/api/sessions/heartbeat", code(Code::Unavailable));
    let before = server.asked("/api/sessions/heartbeat").len();
    kiosk.plugged_in(&server).await;
    kiosk.passes_until(|| server.asked("/api/sessions/heartbeat").len() > before + 3).await;
    assert_eq!(server.asked("/api/status-events").len(), 0);
    let beat = json!({"ok": true, "epoch": 1, "lease": {"ttlMs": 300_000, "nextMs": 15_000},
        "serverTime": null, "lastSeq": null});
    server.always("/api/sessions/heartbeat", ok(&beat));
    kiosk.passes_until(|| kiosk.engine.view().waiting == 0).await;
    assert_eq!(server.asked("/api/status-events").len(), 1);
}

#[tokio::test]
async fn a_worker_who_came_and_went_leaves_the_running_session_its_lists() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times(&format!("/api/stations/{STATION}/checklists"), 1).await;
    kiosk.engine.job_items(STATION.parse().expect("an id")).await.expect("lists");
    kiosk.engine.sign_out().await.expect("signs out");
    for path in ["/api/statuses".to_owned(), "/api/reasons".into(), format!("/api/stations/{STATION}/job-items")] {
        server.always(&path, code(Code::Unauthenticated));
    }
    let station = || STATION.parse().expect("an id");
    assert_eq!(kiosk.engine.statuses(station()).await.expect("the kept ones").len(), 3);
    assert_eq!(kiosk.engine.job_items(station()).await.expect("the kept ones").items.len(), 2);
    kiosk.status(RUNS).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0 && view.session.is_some()).await;
}

#[tokio::test]
async fn the_window_that_closes_says_so() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    server.asked_times("/api/sessions/heartbeat", 1).await;
    kiosk.engine.shutdown().await;
    let last = server.asked("/api/sessions/heartbeat").pop().expect("a heartbeat");
    assert_eq!(parsed(&last)["closing"], true);
    assert!(matches!(kiosk.engine.sign_out().await, Err(CommandError::Stopped)));
}
