//! A small floor on a fresh database, with a clock that the case drives.

use millrace_domain::action::{Action, Reply, Request};
use millrace_domain::change::Change;
use millrace_domain::deed::Deed;
use millrace_domain::status::StatusChange;
use millrace_domain::storage::{
    Caller, Commits, Floorplan, Owned, PlannedKiosk, PlannedReason, PlannedStation, PlannedStatus, PlannedWorker,
    Storage, StorageError, TokenHash,
};
use millrace_domain::{Clock, DrivenClock, Policy, Refusal, SystemChance};
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource};
use millrace_protocol::session::{HeartbeatRequest, OpenRequest};
use millrace_protocol::status::{MachineState, ReasonType, ReasonWanted, ReportType, StatusDefinition, TimeClass};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{
    InstanceId, JobItemId, KioskId, ReasonId, SessionId, StationId, StatusDefinitionId, StepId, WorkerId,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How many workers, stations and kiosks there are.
pub const MANY: u8 = 24;

pub struct World {
    pub storage: Arc<dyn Storage>,
    pub commits: Commits,
    pub clock: Arc<DrivenClock>,
    pub folder: tempfile::TempDir,
    pub sqlite: millrace_sqlite::Sqlite,
}

pub fn uuid(kind: u8, n: u8) -> Uuid {
    let mut bytes = [0; 16];
    bytes[0] = kind;
    bytes[15] = n;
    Uuid::from_bytes(bytes)
}

pub fn worker(n: u8) -> WorkerId {
    WorkerId(uuid(1, n))
}
pub fn station(n: u8) -> StationId {
    StationId(uuid(2, n))
}
pub fn kiosk(n: u8) -> KioskId {
    KioskId(uuid(3, n))
}
/// The digest of kiosk `n`'s token.
pub fn token(n: u8) -> TokenHash {
    [n; 32]
}
pub fn instance(n: u8) -> InstanceId {
    InstanceId(uuid(4, n))
}
pub fn reason(n: u8) -> ReasonId {
    ReasonId(uuid(6, n))
}
/// Worker `n` at kiosk `n`.
pub fn caller(n: u8) -> Caller {
    Caller { kiosk: kiosk(n), worker: worker(n) }
}
/// By key: production, stop, setup, wants_reason (now), wants_report.
pub fn status(key: &str) -> StatusDefinitionId {
    let n = KEYS.iter().position(|k| *k == key).expect("a status of this world");
    StatusDefinitionId(uuid(5, u8::try_from(n).expect("few statuses")))
}

const KEYS: [&str; 7] = ["production", "stop", "malfunction", "other", "setup", "wants_reason", "wants_report"];

pub async fn sqlite() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(DrivenClock::new());
    let (sqlite, commits) = open(folder.path().join("floor.db"), clock.clone()).await;
    let storage: Arc<dyn Storage> = Arc::new(sqlite.clone());
    storage.furnish(plan()).await.expect("furnishes");
    for n in 1..=MANY {
        storage.sign_in(kiosk(n), worker(n)).await.expect("signs in");
    }
    for n in 1..=MANY {
        work_for(&folder.path().join("floor.db"), n).await;
    }
    // The watch has looked once, as it does at the start of a server.
    storage.sweep(0).await.expect("sweeps");
    World { storage, commits, clock, folder, sqlite }
}

pub fn item(n: u8) -> JobItemId {
    JobItemId(uuid(8, n))
}
pub fn step(n: u8) -> StepId {
    StepId(uuid(9, n))
}

/// Job `n` with one item of 100 pieces in one step at station `n`.
async fn work_for(database: &Path, n: u8) {
    let x = |id: Uuid| format!("x'{}'", id.simple());
    let (job, item, step, station) = (x(uuid(7, n)), x(item(n).0), x(step(n).0), x(station(n).0));
    for statement in [
        format!("INSERT INTO jobs (id, number) VALUES ({job}, 'J{n:02}')"),
        format!(
            "INSERT INTO job_items (id, job_id, position, name, planned_quantity) VALUES ({item}, {job}, 1, 'Part {n}', 100)"
        ),
        format!(
            "INSERT INTO job_steps (id, job_item_id, position, station_id, is_terminal) VALUES ({step}, {item}, 1, {station}, 1)"
        ),
    ] {
        millrace_tests::sql::run(database, &statement).await;
    }
}

pub async fn open(path: PathBuf, clock: Arc<DrivenClock>) -> (millrace_sqlite::Sqlite, Commits) {
    let options = millrace_sqlite::Options { policy: Policy::default() };
    millrace_sqlite::Sqlite::open(&path, options, clock, Arc::new(SystemChance)).await.expect("opens")
}

/// What is on the floor, before anybody works there.
pub fn plan() -> Floorplan {
    let numbers = || 1..=MANY;
    let labels = |text: &str| [("en".to_owned(), text.to_owned())].into();
    let definition = |key: &str| StatusDefinition {
        id: status(key),
        key: key.to_owned(),
        labels: labels(key),
        color: "#1B7A3D".to_owned(),
        machine_state: match key {
            "production" => MachineState::Production,
            "setup" => MachineState::Setup,
            _ => MachineState::Stoppage,
        },
        time_class: TimeClass::UnplannedStop,
        reason_wanted: if key == "wants_reason" { ReasonWanted::Now } else { ReasonWanted::Later },
        report_type: if key == "wants_report" { ReportType::General } else { ReportType::None },
        protected: KEYS.iter().position(|k| *k == key).is_some_and(|n| n < 4),
    };
    Floorplan {
        stations: numbers()
            .map(|n| PlannedStation {
                id: station(n),
                code: format!("S{n:02}"),
                name: format!("Station {n}"),
                kind: "mill".into(),
                area: "Hall".into(),
            })
            .collect(),
        workers: numbers()
            .map(|n| PlannedWorker {
                id: worker(n),
                code: format!("W{n:02}"),
                name: format!("Worker {n}"),
                language: "en".into(),
                pin_hash: None,
            })
            .collect(),
        statuses: KEYS.iter().map(|key| PlannedStatus { station: None, definition: definition(key) }).collect(),
        reasons: vec![
            PlannedReason { id: reason(1), station: None, kind: ReasonType::Stop, labels: labels("no material") },
            PlannedReason { id: reason(2), station: Some(station(2)), kind: ReasonType::Stop, labels: labels("jam") },
            PlannedReason { id: reason(3), station: None, kind: ReasonType::Scrap, labels: labels("cracked") },
            PlannedReason { id: reason(4), station: None, kind: ReasonType::General, labels: labels("noise") },
        ],
        users: vec![],
        kiosks: numbers()
            .map(|n| PlannedKiosk {
                id: kiosk(n),
                name: format!("Kiosk {n}"),
                station: Some(station(n)),
                token: token(n),
            })
            .collect(),
        ..Floorplan::default()
    }
}

impl World {
    /// Worker `n` opens a session at station `n` from kiosk `n`, as instance `n`.
    pub async fn open(&self, n: u8) -> Owned {
        self.storage.open(caller(n), opening(n, n)).await.expect("opens")
    }

    /// Worker `w` at kiosk `k`, signed in there in place of whoever was.
    pub async fn at(&self, k: u8, w: u8) -> Caller {
        self.storage.sign_in(kiosk(k), worker(w)).await.expect("signs in");
        Caller { kiosk: kiosk(k), worker: worker(w) }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass, watched as a running server watches it.
    pub async fn pass(&self, time: Duration) {
        const STEP: Duration = Duration::from_secs(10);
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(STEP);
            self.clock.advance(step);
            self.storage.sweep(0).await.expect("sweeps");
            left -= step;
        }
    }

    pub async fn heartbeat(&self, n: u8, session: SessionId) -> Result<u32, Refusal> {
        let request = HeartbeatRequest { session_id: session, instance_id: instance(n), epoch: None, closing: false };
        refusal(self.storage.heartbeat(token(n), None, request).await).map(|heard| heard.epoch)
    }

    /// A change of status by instance `n` on kiosk `n`, tapped now.
    pub fn change(&self, n: u8, seq: u64, epoch: u32, session: SessionId, key: &str) -> Action<Deed> {
        let what = Deed::ChangeStatus(StatusChange::to(status(key)));
        self.action(n, seq, epoch, session, what, &format!("{session} {key}"))
    }

    /// Runs a plain statement on the database, from outside.
    pub async fn sql(&self, statement: &str) {
        millrace_tests::sql::run(&self.folder.path().join("floor.db"), statement).await;
    }

    /// Worker `n` opens a session at station `n`, works on item `n` and produces. The actions 1 and 2 are used up.
    pub async fn producing(&self, n: u8) -> SessionId {
        let session = self.open(n).await.session.id;
        self.tap(self.bind(n, 1, 1, session)).await.result.expect("binds");
        self.tap(self.change(n, 2, 1, session, "production")).await.result.expect("produces");
        session
    }

    /// Does a deed as instance `n` on kiosk `n` under epoch 1, now.
    pub async fn deed(&self, n: u8, seq: u64, session: SessionId, deed: Deed) -> Result<ActionAnswer, Refusal> {
        let body = format!("{deed:?}");
        self.tap(self.action(n, seq, 1, session, deed, &body)).await.result
    }

    /// Instance `n` on kiosk `n` works on item `n` from now on.
    pub fn bind(&self, n: u8, seq: u64, epoch: u32, session: SessionId) -> Action<Deed> {
        let deed = Deed::Bind { item: item(n), step: step(n), quantities: None };
        self.action(n, seq, epoch, session, deed, &format!("{session} bind {n}"))
    }

    pub fn action(&self, n: u8, seq: u64, epoch: u32, session: SessionId, what: Deed, body: &str) -> Action<Deed> {
        let mut digest = [0; 32];
        for (i, byte) in body.bytes().enumerate() {
            digest[i % 32] ^= byte.rotate_left(u32::try_from(i / 32).expect("a short body"));
        }
        Action {
            kiosk: kiosk(n),
            worker_code: None,
            session,
            stamp: ActionStamp {
                seq,
                instance_id: instance(n),
                epoch,
                occurred_at: self.now(),
                wall_at: None,
                clock: ClockSource::Synced,
                running_since: None,
            },
            digest,
            request: Request { path: "/api/test".into(), body: serde_json::json!(body).to_string() },
            what,
        }
    }

    pub async fn tap(&self, action: Action<Deed>) -> Reply {
        self.storage.act(action).await.expect("is answered")
    }

    /// The live truth: every open session, as the database has it.
    pub async fn live(&self) -> Vec<millrace_protocol::session::Session> {
        self.storage.floor().await.expect("a snapshot").rows.open
    }

    /// The whole log.
    pub async fn log(&self) -> Vec<Change> {
        self.storage.changes_after(0, 100_000).await.expect("the log")
    }

    /// How many rows a plain query counts.
    pub async fn count(&self, from: &str) -> i64 {
        let path = self.folder.path().join("floor.db");
        let query = format!("SELECT count(*) FROM {from}");
        millrace_tests::sql::count(&path, &query).await
    }
}

pub fn opening(instance_number: u8, at: u8) -> OpenRequest {
    OpenRequest {
        station_id: station(at),
        instance_id: instance(instance_number),
        checklist: None,
        id: None,
        action: None,
    }
}

/// The ordinary end of a session.
pub fn complete(at: Option<Timestamp>) -> Deed {
    Deed::Complete { at, quantities: None, checklist: None }
}

/// The rule that said no. Anything else that went wrong is a failure of the case.
pub fn refusal<T>(result: Result<T, StorageError>) -> Result<T, Refusal> {
    match result {
        Ok(value) => Ok(value),
        Err(StorageError::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}
