//! The real thing beside the model: the server's storage and three kiosks' outboxes, each a database on a disk, and
//! what carries bytes between them.

use super::clock::{BEGINNING, StillClock};
use super::reference::{Claim, Fate, KIOSKS, Model, Reference, STEP, Said, Step, Tap, parts};
use crate::storage::world::{kiosk, plan, station, status, token, uuid, worker};
use millrace_domain::action::{Action, Reply, Request};
use millrace_domain::deed::Deed;
use millrace_domain::status::StatusChange;
use millrace_domain::storage::{Access as _, Caller, Commits, Floor as _, Furnish as _, StorageError};
use millrace_domain::{Clock, Policy, Refusal, SystemChance};
use millrace_kiosk::Store;
use millrace_kiosk::client::CallError;
use millrace_kiosk::outbox::{self, Offset, Verdict};
use millrace_kiosk::store::{Draft, Entry, Kind, Settled};
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::session::{HeartbeatRequest, OpenRequest, TakeoverRequest};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, SessionId};
use millrace_sqlite::{Options, Sqlite};
use millrace_tests::sql::Look;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What a tap's time is told by: a kiosk whose wall clock is the server's, but for its skew.
const OFFSET: Offset = Offset { millis: 0, boot: None, fresh: true };

/// What an action was answered with.
type Answer = Result<ActionAnswer, Refusal>;

pub struct Floor {
    runtime: Runtime,
    folder: TempDir,
    clock: Arc<StillClock>,
    server: Sqlite,
    /// Nobody listens, but the server wants to be able to tell.
    _commits: Commits,
    kiosks: Vec<Store>,
    look: RefCell<Look>,
    /// What arrived first under each number, and its answer.
    answered: BTreeMap<(usize, u64), (Action<Deed>, Answer)>,
}

fn number(kiosk: usize) -> u8 {
    u8::try_from(kiosk + 1).unwrap()
}

fn session_id(session: usize) -> SessionId {
    SessionId(uuid(20, u8::try_from(session).unwrap()))
}

fn instance_id(instance: u8) -> InstanceId {
    InstanceId(uuid(21, instance))
}

/// Databases as every case finds them, made once.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let folder = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let made = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let (server, _commits) = open(&path, Arc::new(StillClock::new())).await;
                server.furnish(plan()).await.unwrap();
                server.sweep(0).await.unwrap();
                server.close().await;
                let kiosk = Store::open(&path.join("kiosk.db")).await.unwrap();
                kiosk.close().await;
            });
        });
        made.join().unwrap();
        folder
    });
    folder.path()
}

async fn open(folder: &Path, clock: Arc<StillClock>) -> (Sqlite, Commits) {
    let options = Options { policy: Policy::default() };
    Sqlite::open(&folder.join("floor.db"), options, clock, Arc::new(SystemChance)).await.unwrap()
}

impl Floor {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(template()).unwrap().map(|entry| entry.unwrap().path()) {
            // With its journal: who closed it last could not write that into it.
            std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
        let clock = Arc::new(StillClock::new());
        let (server, commits) = runtime.block_on(open(folder.path(), clock.clone()));
        let mut kiosks = vec![];
        for kiosk in 0..KIOSKS {
            let disk = folder.path().join(format!("kiosk{kiosk}.db"));
            std::fs::copy(template().join("kiosk.db"), &disk).unwrap();
            kiosks.push(runtime.block_on(Store::open(&disk)).unwrap());
        }
        let look = RefCell::new(runtime.block_on(Look::at(&folder.path().join("floor.db"))));
        Self { runtime, folder, clock, server, _commits: commits, kiosks, look, answered: BTreeMap::new() }
    }

    fn disk(&self, kiosk: usize) -> PathBuf {
        self.folder.path().join(format!("kiosk{kiosk}.db"))
    }

    /// All that is so now.
    fn live(&self) -> Vec<String> {
        let tables = [("sessions", "status = 'active'"), ("status_events", "ended_at IS NULL"), ("leases", "true")];
        // What history adds up to in an open session grows with what comes late.
        let without: &[&str] = &["total_good", "total_scrap", "count_missing", "version"];
        let rows = tables.map(|(table, condition)| {
            let without = if table == "sessions" { without } else { &[] };
            self.runtime.block_on(self.look.borrow_mut().rows(table, condition, without))
        });
        rows.concat()
    }

    fn count(&self, from: &str) -> i64 {
        self.runtime.block_on(self.look.borrow_mut().count(&format!("SELECT count(*) FROM {from}")))
    }

    fn tap(&self, tap: usize, of: &Tap) {
        let mut request = json!({"sessionId": session_id(of.claim.session), "note": format!("tap {tap}")});
        if !of.ends {
            let key = ["setup", "other"][tap % 2];
            request["statusDefinitionId"] = json!(status(key));
        }
        let draft = Draft {
            kind: if of.ends { Kind::Complete } else { Kind::Status },
            path: if of.ends { "/api/sessions/complete" } else { "/api/status-events" }.to_owned(),
            request: request.to_string(),
            session: session_id(of.claim.session),
            instance: instance_id(of.claim.instance),
            epoch: of.claim.epoch,
            wall_at: Timestamp::from_millis(of.occurred_at),
            boot_id: None,
            boot_ms: None,
            running: None,
            undoes: None,
            opens: None,
            by: None,
        };
        self.runtime.block_on(self.kiosks[of.kiosk].append(draft)).unwrap();
    }

    /// Brings an entry of a kiosk's outbox to the server; what it says, as the model would.
    fn bring(&mut self, kiosk: usize, place: usize) -> (Entry, Reply) {
        let entry = self.runtime.block_on(self.kiosks[kiosk].waiting()).unwrap().remove(place);
        let body = entry.body.clone().unwrap_or_else(|| {
            let (at, clock) = outbox::told(&entry.draft, OFFSET, None);
            let made = outbox::compose(&entry, (at, clock, None)).unwrap();
            self.runtime.block_on(self.kiosks[kiosk].freeze(entry.id, &made)).unwrap();
            made
        });
        let action = action(kiosk, &entry, &body);
        let reply = self.act(action.clone());
        if !reply.repeat && !matches!(reply.result, Err(Refusal::SeqReused { .. })) {
            self.answered.insert((kiosk, entry.seq), (action, reply.result.clone()));
        }
        (entry, reply)
    }

    fn act(&self, action: Action<Deed>) -> Reply {
        self.runtime.block_on(self.server.act(action)).unwrap()
    }

    /// The sender, told what the server said about its front.
    fn sender(&self, kiosk: usize, entry: &Entry, reply: Reply) {
        let problem = |refusal: Refusal| CallError::Problem { problem: Box::new(refusal.problem()), retry_after: None };
        let store = &self.kiosks[kiosk];
        match outbox::judge(reply.result.map_err(problem)) {
            Verdict::Ended { how: Settled::Refused, problem, .. } => panic!("no rule is broken here: {problem:?}"),
            Verdict::Ended { how, answer, .. } => {
                let kept = serde_json::to_string(&answer).unwrap();
                self.runtime.block_on(store.settle(entry.id, how, &kept, self.clock.now())).unwrap();
            }
            Verdict::Renumber(last_seq) => {
                self.runtime.block_on(store.renumber(last_seq.max(entry.seq))).unwrap();
            }
            other => panic!("the server is there and knows this kiosk: {other:?}"),
        }
    }

    fn claim(&self, at: usize, claim: Claim) {
        let caller = Caller { kiosk: kiosk(number(at)), worker: worker(1) };
        let (session, instance) = (session_id(claim.session), instance_id(claim.instance));
        let owned = self.runtime.block_on(async {
            self.server.sign_in(caller.kiosk, caller.worker).await.unwrap();
            if claim.epoch == 1 {
                let opening = OpenRequest {
                    station_id: station(1),
                    instance_id: instance,
                    checklist: None,
                    id: Some(session),
                    action: None,
                };
                self.server.open(caller, opening).await
            } else {
                let taking = TakeoverRequest { session_id: session, instance_id: instance, then: None, ended_at: None };
                self.server.take_over(caller, taking).await
            }
        });
        let owned = owned.unwrap();
        assert_eq!((owned.session.id, owned.epoch), (session, claim.epoch));
    }

    fn beat(&self, at: usize, claim: Claim) -> bool {
        let request = HeartbeatRequest {
            session_id: session_id(claim.session),
            instance_id: instance_id(claim.instance),
            epoch: Some(claim.epoch),
            closing: false,
        };
        match self.runtime.block_on(self.server.heartbeat(token(number(at)), None, request)) {
            Ok(_) => true,
            Err(StorageError::Refused(Refusal::InstanceMismatch { .. } | Refusal::SessionNotActive { .. })) => false,
            Err(other) => panic!("{other}"),
        }
    }

    fn watch(&self, ran_ahead: i64) {
        self.runtime.block_on(self.server.sweep(ran_ahead)).unwrap();
    }

    fn copy(&self, from: &Path, to: &Path) {
        // The store is closed: all of it is in the one file.
        std::fs::copy(from, to).unwrap();
    }

    fn with_disk_out(&mut self, kiosk: usize, meanwhile: impl FnOnce(&Self, PathBuf)) {
        self.runtime.block_on(self.kiosks[kiosk].close());
        meanwhile(self, self.disk(kiosk));
        self.kiosks[kiosk] = self.runtime.block_on(Store::open(&self.disk(kiosk))).unwrap();
    }

    /// Every tap that its kiosk could still bring has one answer, and what that names is there: a stretch of its own, or
    /// an entry in quarantine. And nothing else is there.
    fn ended_once(&self, model: &Model) {
        let mut stretches = BTreeSet::new();
        let mut quarantined = BTreeSet::new();
        for (number, tap) in model.taps.iter().enumerate() {
            let mut answers = model.answers.iter().filter(|(_, (known, _))| *known == number);
            let (answer, more) = (answers.next(), answers.next());
            assert!(more.is_none(), "tap {number} has two ends");
            let Some((under, _)) = answer else {
                assert!(tap.gone, "tap {number} was saved, and came to nothing");
                continue;
            };
            let answer = self.answered[under].1.as_ref().unwrap();
            match (tap.fate, &answer.status_event) {
                (Some(Fate::Quarantined), None) => assert!(quarantined.insert(answer.quarantine_id.unwrap().0)),
                (Some(Fate::Applied | Fate::Late), Some(event)) if !tap.ends => {
                    assert_eq!(event.note, Some(format!("tap {number}")));
                    assert!(stretches.insert(event.id.0));
                    assert_eq!(self.count(&format!("status_events WHERE id = x'{}'", event.id.0.simple())), 1);
                }
                // An end is no stretch.
                (Some(Fate::Applied | Fate::Late), _) if tap.ends => {}
                other => panic!("tap {number}: {other:?}"),
            }
        }
        let many = |count: usize| i64::try_from(count).unwrap();
        assert_eq!(self.count("actions"), many(model.answers.len()), "every number that was answered, once");
        assert_eq!(self.count("quarantine"), many(quarantined.len()));
        let expected: i64 = model.sessions.iter().map(|session| session.stretches).sum();
        assert_eq!(self.count("status_events"), expected, "one for each claim, each tap, and what nobody knows");
        for (number, session) in model.sessions.iter().enumerate() {
            let ended = session.ended.map_or("ended_at IS NULL".to_owned(), |at| format!("ended_at = {at}"));
            let provisional = i64::from(session.provisional);
            let id = session_id(number).0.simple();
            let same = format!("sessions WHERE id = x'{id}' AND {ended} AND provisional = {provisional}");
            assert_eq!(self.count(&same), 1, "session {number} ended as in the model: {session:?}");
        }
    }
}

/// The bytes of an entry as the server's routes read them.
fn action(at: usize, entry: &Entry, body: &str) -> Action<Deed> {
    let content: Value = serde_json::from_str(body).unwrap();
    let mut digest = [0; 32];
    for (part, bytes) in digest.chunks_exact_mut(8).enumerate() {
        let mut hasher = DefaultHasher::new();
        (part, &entry.draft.path, body).hash(&mut hasher);
        bytes.copy_from_slice(&hasher.finish().to_le_bytes());
    }
    let what = match content.get("statusDefinitionId") {
        None => Deed::Complete { at: None, quantities: None, checklist: None },
        Some(definition) => {
            let definition = serde_json::from_value(definition.clone()).unwrap();
            let note = content["note"].as_str().map(str::to_owned);
            Deed::ChangeStatus(StatusChange { note, ..StatusChange::to(definition) })
        }
    };
    Action {
        kiosk: kiosk(number(at)),
        worker_code: None,
        session: entry.draft.session,
        stamp: serde_json::from_value(content["action"].clone()).unwrap(),
        digest,
        request: Request { path: entry.draft.path.clone(), body: body.to_owned() },
        what,
    }
}

/// What the server said, as the model says it.
fn said(reply: &Reply) -> Said {
    let fate = |answer: &ActionAnswer| match answer.outcome {
        Outcome::Applied => Fate::Applied,
        Outcome::Late => Fate::Late,
        Outcome::Quarantined => Fate::Quarantined,
    };
    match &reply.result {
        Ok(answer) if reply.repeat => Said::Repeat(fate(answer)),
        Ok(answer) => Said::First(fate(answer)),
        Err(Refusal::SeqReused { last_seq, .. }) => Said::Reused { last_seq: *last_seq },
        Err(other) => panic!("no rule is broken here: {other:?}"),
    }
}

impl StateMachineTest for Floor {
    type SystemUnderTest = Self;
    type Reference = Reference;

    fn init_test(_: &Model) -> Self {
        Self::new()
    }

    fn apply(mut floor: Self, model: &Model, step: Step) -> Self {
        floor.clock.pass(STEP);
        let before = floor.live();
        let mut by_the_owner = false;
        match step {
            Step::Tap { .. } => {
                let number = model.taps.len() - 1;
                floor.tap(number, &model.taps[number]);
            }
            Step::Deliver(kiosk) => {
                let (entry, reply) = floor.bring(kiosk, 0);
                assert_eq!(Some(said(&reply)), model.said, "{entry:?}");
                by_the_owner = model.said == Some(Said::First(Fate::Applied));
                floor.sender(kiosk, &entry, reply);
            }
            Step::LoseAnswer(kiosk) | Step::Overtake(kiosk) => {
                let (entry, reply) = floor.bring(kiosk, usize::from(matches!(step, Step::Overtake(_))));
                assert_eq!(Some(said(&reply)), model.said, "{entry:?}");
                by_the_owner = model.said == Some(Said::First(Fate::Applied));
            }
            Step::Again(which) => {
                let (action, first) = floor.answered[which.get(&model.arrived)].clone();
                let again = floor.act(action);
                assert!(again.repeat);
                assert_eq!(again.result, first, "the same answer for ever");
                assert_eq!(Some(said(&again)), model.said);
            }
            Step::Beat(kiosk) => {
                by_the_owner = model.heard;
                assert_eq!(floor.beat(kiosk, model.kiosks[kiosk].beaten.unwrap()), model.heard);
            }
            Step::Claim(kiosk) | Step::Continue(kiosk) => {
                by_the_owner = true;
                floor.claim(kiosk, model.kiosks[kiosk].disk.claim.unwrap());
            }
            Step::Pass(millis) => {
                by_the_owner = true;
                for part in parts(millis) {
                    floor.clock.pass(part);
                    floor.watch(0);
                }
            }
            Step::Away(millis) => {
                by_the_owner = true;
                floor.clock.pass(millis);
                floor.watch(0);
            }
            Step::Jump(millis) => {
                by_the_owner = true;
                floor.clock.jump(millis);
                floor.watch(millis);
            }
            Step::RestartServer => {
                floor.runtime.block_on(floor.server.close());
                let (server, commits) = floor.runtime.block_on(open(floor.folder.path(), floor.clock.clone()));
                (floor.server, floor._commits) = (server, commits);
            }
            Step::RestartKiosk(kiosk) => floor.with_disk_out(kiosk, |_, _| {}),
            Step::Backup(kiosk) => {
                floor.with_disk_out(kiosk, |floor, disk| floor.copy(&disk, &disk.with_extension("image")));
            }
            Step::RestoreDisk(kiosk) => {
                floor.with_disk_out(kiosk, |floor, disk| floor.copy(&disk.with_extension("image"), &disk));
            }
            Step::Cut(_) | Step::Restore(_) | Step::Skew(..) => {}
        }
        if !by_the_owner {
            assert_eq!(floor.live(), before, "only the owner, and the watch, change what is live");
        }
        floor
    }

    fn check_invariants(floor: &Self, model: &Model) {
        assert_eq!(floor.clock.now().millis(), model.now);
        let owner = model.active().map(|active| {
            let session = &model.sessions[active];
            let span = session.spans.last().unwrap();
            format!(
                "leases WHERE session_id = x'{}' AND epoch = {} AND kiosk_id = x'{}' AND instance_id = x'{}'",
                session_id(active).0.simple(),
                session.epoch(),
                kiosk(number(span.kiosk)).0.simple(),
                instance_id(span.instance).0.simple(),
            )
        });
        let open = i64::from(owner.is_some());
        for all in ["leases", "sessions WHERE status = 'active'", "status_events WHERE ended_at IS NULL"] {
            assert_eq!(floor.count(all), open, "{all}");
        }
        let Some(active) = model.active() else { return floor.outboxes_are(model) };
        assert_eq!(
            floor.count(&owner.unwrap_or_default()),
            1,
            "the owner is {:?}",
            model.sessions[active].spans.last()
        );
        let claims = format!("claims WHERE until_at IS NULL AND session_id = x'{}'", session_id(active).0.simple());
        assert_eq!(floor.count(&claims), 1);
        let stretch = format!(
            "status_events WHERE ended_at IS NULL AND started_at = {} AND epoch = {}",
            model.sessions[active].stretch,
            model.sessions[active].epoch()
        );
        assert_eq!(
            floor.count(&stretch),
            1,
            "the open stretch began at {} + {}",
            BEGINNING,
            model.sessions[active].stretch - BEGINNING
        );
        floor.outboxes_are(model);
    }

    fn teardown(mut floor: Self, mut model: Model) {
        // Every cable is in again, and every outbox drains.
        for kiosk in 0..KIOSKS {
            model.kiosks[kiosk].offline = false;
            while !model.kiosks[kiosk].disk.waiting.is_empty() {
                let step = Step::Deliver(kiosk);
                model = Reference::apply(model, &step);
                floor = Self::apply(floor, &model, step);
            }
        }
        Self::check_invariants(&floor, &model);
        floor.ended_once(&model);
        floor.runtime.block_on(floor.server.close());
    }
}

impl Floor {
    fn outboxes_are(&self, model: &Model) {
        for (number, kiosk) in self.kiosks.iter().enumerate() {
            let waiting = self.runtime.block_on(kiosk.waiting()).unwrap();
            let waiting = waiting.iter().map(|entry| {
                let request: Value = serde_json::from_str(&entry.draft.request).unwrap();
                (request["note"].as_str().unwrap().to_owned(), entry.seq)
            });
            let expected = model.kiosks[number].disk.waiting.iter().map(|(tap, seq)| (format!("tap {tap}"), *seq));
            assert!(waiting.eq(expected), "kiosk {number} has another outbox than {:?}", model.kiosks[number].disk);
        }
    }
}
