//! A floor in memory: a change log with its hub, and a clock to drive.

use super::client::Client;
use crate::stream::{Ask, Hub, StreamSettings, TopicKey};
use async_trait::async_trait;
use axum::body::to_bytes;
use http::HeaderMap;
use millrace_domain::change::{Change, Claimant, Holder, Pair, Row};
use millrace_domain::storage::{
    ChangeLog, Commits, FloorRows, FloorStation, OfKiosk, Position, Prune, Pruned, Publisher, Result, SessionHistory,
    Snapshot, StorageError, Unacknowledged,
};
use millrace_domain::{Clock, DrivenClock};
use millrace_protocol::job::{Job, JobItem, JobStep};
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::session::{CloseReason, Contact, Session, SessionStatus, Totals};
use millrace_protocol::stream::{KioskConfig, KioskSeen};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, JobId, JobItemId, KioskId, SessionId, StationId, StepId, WorkerId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(super) const EPOCH: &str = "e1";

pub(super) fn kiosk(n: u8) -> KioskId {
    KioskId(Uuid::from_bytes([n; 16]))
}

pub(super) fn session(n: u8, version: u32) -> Session {
    let id = Uuid::from_bytes([n; 16]);
    let at = Timestamp::from_millis(1_700_000_000_000);
    Session {
        id: SessionId(id),
        worker_id: WorkerId(id),
        worker_code: format!("W{n}"),
        worker_name: format!("Worker {n}"),
        station_id: StationId(id),
        station_code: format!("S{n}"),
        station_name: "Press\n1".into(),
        area_name: None,
        job_id: None,
        job_number: None,
        job_item_id: None,
        job_item_name: None,
        step_id: None,
        outside_assignment: false,
        status: SessionStatus::Active,
        close_reason: None,
        provisional: false,
        current_status_id: None,
        current_status: None,
        last_status_change_at: at,
        started_at: at,
        ended_at: None,
        contact: Contact::Online,
        last_contact_at: None,
        totals: Totals::default(),
        count_missing: false,
        malfunction_count: 0,
        asked_at: None,
        started_offline: false,
        recovered_at: None,
        untouched_since: None,
        reason_missing_from: None,
        version,
    }
}

pub(super) fn claimant(session: u8, kiosk_number: u8, epoch: u32) -> Claimant {
    Claimant {
        session: SessionId(Uuid::from_bytes([session; 16])),
        kiosk: kiosk(kiosk_number),
        instance: InstanceId(Uuid::from_bytes([u8::try_from(epoch).expect("small"); 16])),
        kiosk_name: format!("K{kiosk_number}"),
        epoch,
        since: Timestamp::from_millis(0),
    }
}

/// The log, and what the tests want to know of it.
#[derive(Debug)]
pub(super) struct MemoryLog {
    inner: Mutex<Inner>,
    commits: Publisher,
    pub(super) snapshots: AtomicUsize,
    pub(super) pages: AtomicUsize,
    pub(super) broken: AtomicBool,
    /// Snapshots that were read are not answered until this is true.
    pub(super) answers: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Inner {
    changes: Vec<Change>,
    floor: u64,
    open: BTreeMap<SessionId, Session>,
    owners: BTreeMap<SessionId, Claimant>,
}

impl MemoryLog {
    fn new() -> (Arc<Self>, Commits) {
        let (commits, received) = Commits::channel();
        let log = Self {
            inner: Mutex::default(),
            commits,
            snapshots: AtomicUsize::new(0),
            pages: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
            answers: watch::Sender::new(true),
        };
        (Arc::new(log), received)
    }

    fn check(&self) -> Result<()> {
        let broken = self.broken.load(Ordering::Relaxed);
        if broken { Err(StorageError::Unavailable("the test wants it".into())) } else { Ok(()) }
    }

    /// Writes rows without telling the hub; returns the batch.
    pub(super) fn write(&self, rows: Vec<Row>) -> Vec<Change> {
        let mut inner = self.inner.lock().expect("not poisoned");
        let mut batch = Vec::new();
        for row in rows {
            match &row {
                Row::Sessions { new, .. } if new.status == SessionStatus::Active => {
                    inner.open.insert(new.id, (**new).clone());
                }
                Row::Sessions { new, .. } => {
                    inner.open.remove(&new.id);
                }
                Row::Claims { new, .. } => {
                    inner.owners.insert(new.session, new.clone());
                }
                _ => {}
            }
            let offset = inner.changes.len() as u64 + 1;
            let change = Change { offset, at: Timestamp::from_millis(0), row };
            inner.changes.push(change.clone());
            batch.push(change);
        }
        batch
    }

    /// Tells the hub of a batch.
    pub(super) fn tell(&self, batch: Vec<Change>) {
        self.commits.publish(batch);
    }

    /// Forgets changes up to this offset.
    pub(super) fn trim(&self, floor: u64) {
        self.inner.lock().expect("not poisoned").floor = floor;
    }

    /// The last offset that is forgotten.
    pub(super) fn floor(&self) -> u64 {
        self.inner.lock().expect("not poisoned").floor
    }

    pub(super) fn open_sessions(&self) -> BTreeMap<SessionId, u32> {
        let inner = self.inner.lock().expect("not poisoned");
        inner.open.values().map(|session| (session.id, session.version)).collect()
    }

    pub(super) fn last(&self) -> u64 {
        self.inner.lock().expect("not poisoned").changes.len() as u64
    }

    async fn answer<T>(&self, read: impl FnOnce(&Inner) -> T) -> Result<Snapshot<T>> {
        self.check()?;
        self.snapshots.fetch_add(1, Ordering::Relaxed);
        let snapshot = {
            let inner = self.inner.lock().expect("not poisoned");
            let offset = inner.changes.len() as u64;
            Snapshot { offset, now: Timestamp::from_millis(0), rows: read(&inner) }
        };
        self.answers.subscribe().wait_for(|open| *open).await.expect("the log lives");
        Ok(snapshot)
    }
}

#[async_trait]
impl ChangeLog for MemoryLog {
    async fn position(&self) -> Result<Position> {
        self.check()?;
        let inner = self.inner.lock().expect("not poisoned");
        Ok(Position { epoch: EPOCH.into(), offset: inner.changes.len() as u64, floor: inner.floor })
    }

    async fn changes_after(&self, offset: u64, limit: u32) -> Result<Vec<Change>> {
        self.check()?;
        self.pages.fetch_add(1, Ordering::Relaxed);
        let inner = self.inner.lock().expect("not poisoned");
        let from = offset.max(inner.floor);
        Ok(inner.changes.iter().filter(|change| change.offset > from).take(limit as usize).cloned().collect())
    }

    async fn prune(&self, prune: Prune) -> Result<Pruned> {
        self.check()?;
        let mut inner = self.inner.lock().expect("not poisoned");
        let last = inner.changes.len() as u64;
        let before = inner.floor;
        let upto = last.saturating_sub(prune.keep).min(prune.upto).min(before + u64::from(prune.most));
        inner.floor = before.max(upto);
        Ok(Pruned { removed: inner.floor - before, floor: inner.floor })
    }

    /// Of the sessions that are open, and of a station and a kiosk of each number.
    async fn floor(&self) -> Result<Snapshot<FloorRows>> {
        self.check()?;
        let inner = self.inner.lock().expect("not poisoned");
        let rows = FloorRows {
            stations: (1..=9).map(station).collect(),
            kiosks: (1..=9).map(|n| seen(n, Contact::Lost)).collect(),
            open: inner.open.values().cloned().collect(),
            jobs: vec![job(1, 0), job(2, 0)],
            unacknowledged: Unacknowledged {
                unsettled: inner.open.values().filter(|session| session.count_missing).cloned().collect(),
                ..Unacknowledged::default()
            },
            ..FloorRows::default()
        };
        Ok(Snapshot { offset: inner.changes.len() as u64, now: Timestamp::from_millis(0), rows })
    }

    async fn has_session(&self, session: SessionId) -> Result<bool> {
        Ok(self.inner.lock().expect("not poisoned").open.contains_key(&session))
    }

    async fn session_history(&self, session: SessionId) -> Result<Snapshot<Option<SessionHistory>>> {
        self.answer(|inner| {
            let session = inner.open.get(&session)?.clone();
            Some(SessionHistory { session, status_events: Vec::new(), reports: Vec::new() })
        })
        .await
    }

    async fn recent_reports(&self, _kind: Option<ReportKind>) -> Result<Snapshot<Vec<Report>>> {
        self.answer(|_| Vec::new()).await
    }

    async fn of_kiosk(&self, kiosk: KioskId) -> Result<Snapshot<OfKiosk>> {
        self.answer(|inner| {
            let owned = inner.open.values().map(|session| (session, inner.owners.get(&session.id)));
            let mut owned = owned.filter_map(|(s, c)| Some((s.clone(), c?.clone())));
            OfKiosk {
                session: owned.find(|(_, claimant)| claimant.kiosk == kiosk),
                messages: Vec::new(),
                config: KioskConfig { name: "K".into(), station_id: None },
            }
        })
        .await
    }

    async fn hear_kiosks(&self, contacts: Vec<(KioskId, Contact)>) -> Result<()> {
        let row = |(kiosk, contact): (KioskId, Contact)| {
            let new = seen(kiosk.0.as_bytes()[0], contact);
            Row::Kiosks(Pair { old: Some(Box::new(new.clone())), new: Some(Box::new(new)) })
        };
        self.tell(self.write(contacts.into_iter().map(row).collect()));
        Ok(())
    }
}

/// The job of this number: one item with one step, at the station of this number, at which so many are good.
pub(super) fn job(n: u8, good: u64) -> Job {
    let id = Uuid::from_bytes([n; 16]);
    let step = JobStep {
        id: StepId(id),
        position: 1,
        station_id: StationId(id),
        station_code: format!("S{n}"),
        station_name: format!("Station {n}"),
        planned_ms_per_piece: None,
        first_product_approval: false,
        is_terminal: true,
        good,
        scrap: 0,
        wip: 0,
    };
    let item = JobItem {
        id: JobItemId(id),
        job_id: JobId(id),
        job_number: format!("J{n}"),
        name: "Part".into(),
        position: 1,
        planned_quantity: 100,
        completed_good: good,
        completed_scrap: 0,
        complete: false,
        missing: 0,
        frozen_at: None,
        closed_short_at: None,
        closed_short_reason: None,
        archived_at: None,
        steps: vec![step],
        version: 1,
    };
    Job {
        id: JobId(id),
        number: format!("J{n}"),
        customer: None,
        description: None,
        due_on: None,
        archived_at: None,
        items: vec![item],
        version: 1,
    }
}

/// A count at the job of this number.
pub(super) fn counted(n: u8, good: u64) -> Row {
    let (old, new) = (job(n, good - 1), job(n, good));
    Row::JobItems { item: Pair::changed(old.items[0].clone(), new.items[0].clone()), job: Some(Box::new(new)) }
}

/// The station of this number.
fn station(n: u8) -> FloorStation {
    FloorStation {
        id: StationId(Uuid::from_bytes([n; 16])),
        code: format!("S{n}"),
        name: format!("Station {n}"),
        kind: "press".into(),
        area_id: None,
        area: None,
        active: true,
    }
}

/// The kiosk of this number, at the station of this number.
fn seen(n: u8, contact: Contact) -> KioskSeen {
    let station_id = Some(StationId(Uuid::from_bytes([n; 16])));
    KioskSeen { id: kiosk(n), name: format!("K{n}"), station_id, contact, last_contact_at: None }
}

/// All of it.
pub(super) struct Floor {
    pub(super) log: Arc<MemoryLog>,
    pub(super) hub: Hub,
    pub(super) clock: Arc<DrivenClock>,
    pub(super) shutdown: CancellationToken,
}

/// Bounds so small that a test reaches them.
pub(super) fn tight() -> StreamSettings {
    StreamSettings { ring_frames: 4, trail: 2, replay_most: 12, page: 3, ..StreamSettings::default() }
}

impl Floor {
    pub(super) async fn new(settings: StreamSettings) -> Self {
        Self::with_past(settings, Vec::new()).await
    }

    /// A floor where this had happened before the hub was opened.
    pub(super) async fn with_past(settings: StreamSettings, past: Vec<Row>) -> Self {
        let (log, commits) = MemoryLog::new();
        log.write(past);
        let clock = Arc::new(DrivenClock::new());
        let shutdown = CancellationToken::new();
        let committed = commits.committed();
        let hub = Hub::open(log.clone(), committed, clock.clone(), settings, shutdown.clone()).await.expect("opens");
        tokio::spawn(hub.clone().run(commits));
        Self { log, hub, clock, shutdown }
    }

    /// Commits, and waits until the hub has published it.
    pub(super) async fn commit(&self, rows: Vec<Row>) {
        self.log.tell(self.log.write(rows));
        self.published().await;
    }

    pub(super) async fn published(&self) {
        while self.hub.head() < self.log.last() {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
    }

    /// Lets time pass, and the hub see it.
    pub(super) async fn pass(&self, time: std::time::Duration) {
        self.clock.advance(time);
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }

    /// Opens a stream, as of a cursor.
    pub(super) async fn connect(&self, key: TopicKey, last_event_id: Option<&str>) -> Client {
        self.connect_under(key, last_event_id, Vec::new(), None).await
    }

    pub(super) async fn connect_under(
        &self,
        key: TopicKey,
        last_event_id: Option<&str>,
        holders: Vec<Holder>,
        expires_at: Option<Timestamp>,
    ) -> Client {
        let ask = asking(last_event_id).under(holders, 0, expires_at);
        let response = self.hub.respond(key, ask).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Client::new(response.into_body())
    }

    /// The answer to `?snapshot=1`.
    pub(super) async fn snapshot(&self, key: TopicKey) -> serde_json::Value {
        let ask = Ask::read(&HeaderMap::new(), &[("snapshot".into(), "1".into())]);
        let response = self.hub.respond(key, ask).await;
        assert_eq!(response.headers()["cache-control"], "no-store");
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

pub(super) fn asking(last_event_id: Option<&str>) -> Ask {
    let mut headers = HeaderMap::new();
    if let Some(id) = last_event_id {
        headers.insert("last-event-id", id.parse().expect("a header"));
    }
    Ask::read(&headers, &[])
}

/// The rows of a session's life, each one change.
pub(super) fn opened(n: u8) -> Row {
    Row::Sessions { old: None, new: Box::new(session(n, 1)), owner: Some(kiosk(n)), closer: None }
}

pub(super) fn changed(n: u8, version: u32) -> Row {
    let (old, new) = (Some(Box::new(session(n, version - 1))), Box::new(session(n, version)));
    Row::Sessions { old, new, owner: Some(kiosk(n)), closer: None }
}

pub(super) fn closed(n: u8, version: u32) -> Row {
    let new = Session {
        status: SessionStatus::Completed,
        close_reason: Some(CloseReason::Completed),
        ended_at: Some(Timestamp::from_millis(5)),
        ..session(n, version)
    };
    Row::Sessions {
        old: Some(Box::new(session(n, version - 1))),
        new: Box::new(new),
        owner: Some(kiosk(n)),
        closer: None,
    }
}

/// A change that concerns no board.
pub(super) fn unseen() -> Row {
    Row::Claims { old: None, new: claimant(200, 200, 1) }
}
