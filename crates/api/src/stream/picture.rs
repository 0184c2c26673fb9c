//! The picture of the floor: what the streams are drawn from that show the floor as a whole.
//!
//! One for all of them: read from the database once, at one position, then kept by the changes in their order. It
//! is moved under the lock under which events go to their topics, so a snapshot of it and the events after it fit
//! without a gap. Nothing asks the database again, however many look.
//!
//! Deliberately not here: history.

use super::view::{asked, told};
use millrace_domain::change::{Change, Row};
use millrace_domain::people::MeantFor;
use millrace_domain::storage::{FloorRows, FloorStation, Snapshot};
use millrace_protocol::job::Job;
use millrace_protocol::session::{Contact, Session, SessionStatus};
use millrace_protocol::station::Occupancy;
use millrace_protocol::stream::{KioskSeen, LastSession, Notification, StationLive};
use millrace_protocol::{JobId, KioskId, StationId, WorkerId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// How many ended sessions of a station are kept.
const ENDED: usize = 3;

/// The floor as of one offset.
#[derive(Debug)]
pub(super) struct Picture {
    at: u64,
    stations: HashMap<StationId, FloorStation>,
    /// The open session of a station.
    open: HashMap<StationId, Session>,
    /// The newest sessions that ended at a station, the newest first: the last may come back.
    ended: HashMap<StationId, Vec<LastSession>>,
    kiosks: HashMap<KioskId, KioskSeen>,
    /// The kiosks that stand at a station.
    standing: HashMap<StationId, BTreeSet<KioskId>>,
    /// Jobs that are not archived.
    jobs: BTreeMap<JobId, Job>,
    /// The workers who are meant for some stations, and not for all.
    meant_for: HashMap<WorkerId, MeantFor>,
    /// What a supervisor has yet to acknowledge.
    notices: HashMap<Uuid, Notification>,
    /// The last change that moved stations, jobs or who may work where.
    moved_at: u64,
    /// The last that moved jobs.
    jobs_moved_at: u64,
}

/// What a change moved in the picture.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// Stations, each with how it looked before.
    pub(super) stations: Vec<(StationId, Option<StationLive>)>,
    /// Jobs, each with the stations its steps were at before.
    pub(super) jobs: Vec<(JobId, BTreeSet<StationId>)>,
    /// A worker who is meant for other stations now.
    pub(super) worker: Option<WorkerId>,
}

impl Moved {
    /// Whether nothing moved.
    pub(super) fn is_none(&self) -> bool {
        self.stations.is_empty() && self.jobs.is_empty() && self.worker.is_none()
    }
}

impl Picture {
    /// The picture of these rows.
    pub(super) fn new(snapshot: Snapshot<FloorRows>) -> Self {
        let rows = snapshot.rows;
        let mut picture = Self {
            at: snapshot.offset,
            stations: rows.stations.into_iter().map(|station| (station.id, station)).collect(),
            open: rows.open.into_iter().map(|session| (session.station_id, session)).collect(),
            ended: HashMap::new(),
            kiosks: HashMap::new(),
            standing: HashMap::new(),
            jobs: rows.jobs.into_iter().map(|job| (job.id, job)).collect(),
            meant_for: rows.meant_for.into_iter().collect(),
            notices: asked(&rows.unacknowledged).map(|notice| (notice.id, notice)).collect(),
            moved_at: snapshot.offset,
            jobs_moved_at: snapshot.offset,
        };
        rows.kiosks.into_iter().for_each(|kiosk| picture.kiosk(kiosk));
        rows.ended.iter().for_each(|session| picture.ended(session));
        picture
    }

    /// The last offset it contains.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Takes a change in; says what moved. What it contains already moves nothing.
    pub(super) fn apply(&mut self, change: &Change) -> Moved {
        let mut moved = Moved::default();
        if change.offset <= self.at {
            return moved;
        }
        self.at = change.offset;
        match told(change) {
            (_, Some(notice)) => drop(self.notices.insert(notice.id, notice)),
            (Some(gone), None) => drop(self.notices.remove(&gone.id)),
            (None, None) => {}
        }
        match &change.row {
            Row::Sessions { old, new, .. } => {
                moved.stations = self.seen([old.as_deref().unwrap_or(new).station_id, new.station_id]);
                self.session(new);
            }
            Row::Stations(station) => {
                moved.stations = self.seen(station.any().map(|station| station.id));
                if let Some(old) = &station.old {
                    self.stations.remove(&old.id);
                }
                if let Some(new) = &station.new {
                    self.stations.insert(new.id, FloorStation::from(&**new));
                }
            }
            Row::Kiosks(kiosk) => {
                let stands = [&kiosk.old, &kiosk.new].map(|kiosk| kiosk.as_ref().and_then(|kiosk| kiosk.station_id));
                moved.stations = self.seen(stands.into_iter().flatten());
                if let Some(old) = kiosk.old.as_ref().and_then(|old| self.kiosks.remove(&old.id))
                    && let Some(here) = old.station_id.and_then(|station| self.standing.get_mut(&station))
                {
                    here.remove(&old.id);
                }
                if let Some(new) = &kiosk.new {
                    self.kiosk((**new).clone());
                }
            }
            Row::Jobs(job) => {
                if let Some(id) = job.any().map(|job| job.id) {
                    moved.jobs.push((id, self.job(id, job.new.as_deref())));
                }
            }
            Row::JobItems { item, job } => {
                if let Some(id) = item.any().map(|item| item.job_id) {
                    moved.jobs.push((id, self.job(id, job.as_deref())));
                }
            }
            Row::Assignments { worker, meant_for } => {
                moved.worker = Some(*worker);
                if meant_for.stations.is_empty() {
                    self.meant_for.remove(worker);
                } else {
                    self.meant_for.insert(*worker, meant_for.clone());
                }
            }
            Row::StatusEvents { .. }
            | Row::Reports { .. }
            | Row::Approvals(_)
            | Row::Calls(_)
            | Row::Messages(_)
            | Row::Quarantine(_)
            | Row::Claims { .. }
            | Row::Rights { .. } => {}
        }
        // A change of status moves a session and not what is shown of its station.
        moved.stations.retain(|(id, before)| *before != self.station(*id));
        if !moved.jobs.is_empty() {
            self.jobs_moved_at = self.at;
        }
        if !moved.is_none() {
            self.moved_at = self.at;
        }
        moved
    }

    /// How these stations look now, each once.
    fn seen(&self, ids: impl IntoIterator<Item = StationId>) -> Vec<(StationId, Option<StationLive>)> {
        let ids: BTreeSet<_> = ids.into_iter().collect();
        ids.into_iter().map(|id| (id, self.station(id))).collect()
    }

    fn session(&mut self, new: &Session) {
        let station = new.station_id;
        if new.status == SessionStatus::Active {
            // It may have been closed for want of contact, and is back.
            if let Some(ended) = self.ended.get_mut(&station) {
                ended.retain(|ended| ended.id != new.id);
            }
            self.open.insert(station, new.clone());
            return;
        }
        if self.open.get(&station).is_some_and(|open| open.id == new.id) {
            self.open.remove(&station);
        }
        self.ended(new);
    }

    fn kiosk(&mut self, kiosk: KioskSeen) {
        if let Some(station) = kiosk.station_id {
            self.standing.entry(station).or_default().insert(kiosk.id);
        }
        self.kiosks.insert(kiosk.id, kiosk);
    }

    fn ended(&mut self, session: &Session) {
        let Some(ended_at) = session.ended_at else { return };
        let ended = self.ended.entry(session.station_id).or_default();
        ended.retain(|ended| ended.id != session.id);
        ended.push(LastSession {
            id: session.id,
            worker_name: session.worker_name.clone(),
            started_at: session.started_at,
            ended_at,
            close_reason: session.close_reason,
            provisional: session.provisional,
        });
        ended.sort_by_key(|ended| std::cmp::Reverse((ended.ended_at, ended.id)));
        ended.truncate(ENDED);
    }

    /// Keeps a job while it is not archived; gives the stations its steps were at before.
    fn job(&mut self, id: JobId, new: Option<&Job>) -> BTreeSet<StationId> {
        let before = match new.filter(|job| job.archived_at.is_none()) {
            Some(job) => self.jobs.insert(id, job.clone()),
            None => self.jobs.remove(&id),
        };
        before.iter().flat_map(stations_of).collect()
    }

    /// The stations in use, by code.
    pub(super) fn stations(&self) -> Vec<&FloorStation> {
        let mut stations: Vec<_> = self.stations.values().filter(|station| station.active).collect();
        stations.sort_by(|a, b| a.code.cmp(&b.code));
        stations
    }

    /// A station as a board shows it; none for one that is not in use.
    pub(super) fn station(&self, id: StationId) -> Option<StationLive> {
        let station = self.stations.get(&id).filter(|station| station.active)?;
        // Of several kiosks the one that is heard best, and of those the first by name.
        let rank = |contact| match contact {
            Contact::Online => 0,
            Contact::Stale => 1,
            Contact::Lost => 2,
        };
        let here = self.standing.get(&id).into_iter().flatten().filter_map(|kiosk| self.kiosks.get(kiosk));
        let kiosk = here.min_by(|a, b| (rank(a.contact), &a.name).cmp(&(rank(b.contact), &b.name)));
        Some(StationLive {
            id,
            code: station.code.clone(),
            name: station.name.clone(),
            kind: station.kind.clone(),
            area_id: station.area_id,
            area: station.area.clone(),
            occupancy: self.occupancy(id),
            session_id: self.open.get(&id).map(|session| session.id),
            last_session: self.ended.get(&id).and_then(|ended| ended.first()).cloned(),
            kiosk: kiosk.cloned(),
        })
    }

    /// The open sessions, by their stations' codes.
    pub(super) fn open(&self) -> Vec<&Session> {
        let mut open: Vec<_> = self.open.values().collect();
        open.sort_by(|a, b| (&a.station_code, a.id).cmp(&(&b.station_code, b.id)));
        open
    }

    /// What a supervisor has yet to acknowledge, the oldest first.
    pub(super) fn notices(&self) -> Vec<&Notification> {
        let mut notices: Vec<_> = self.notices.values().collect();
        notices.sort_by_key(|notice| (notice.since, notice.id));
        notices
    }

    /// The last change that moved a station, a job or who may work where.
    pub(super) fn moved_at(&self) -> u64 {
        self.moved_at
    }

    /// The last change that moved a job.
    pub(super) fn jobs_moved_at(&self) -> u64 {
        self.jobs_moved_at
    }

    /// The stations a worker is meant for; none where it is all of them.
    pub(super) fn meant_for(&self, worker: WorkerId) -> Option<&MeantFor> {
        self.meant_for.get(&worker)
    }

    /// Who is at a station.
    pub(super) fn occupancy(&self, id: StationId) -> Option<Occupancy> {
        self.open.get(&id).map(|session| Occupancy {
            worker_name: session.worker_name.clone(),
            since: session.started_at,
            contact: session.contact,
        })
    }

    /// The kiosks that are heard, or were until a moment ago.
    pub(super) fn heard(&self) -> impl Iterator<Item = &KioskSeen> {
        self.kiosks.values().filter(|kiosk| kiosk.contact != Contact::Lost)
    }

    /// Whether a worker may work at a station.
    pub(super) fn allows(&self, worker: WorkerId, station: StationId) -> bool {
        self.meant_for.get(&worker).is_none_or(|meant_for| meant_for.allows(station))
    }

    /// Whether a worker is meant for other stations.
    pub(super) fn is_outside(&self, worker: WorkerId, station: StationId) -> bool {
        self.meant_for.get(&worker).is_some_and(|meant_for| meant_for.is_outside(station))
    }

    /// The jobs that are not archived, or the one that is named.
    pub(super) fn jobs(&self, only: Option<JobId>) -> impl Iterator<Item = &Job> {
        let all = only.is_none().then(|| self.jobs.values());
        all.into_iter().flatten().chain(only.and_then(|id| self.jobs.get(&id)))
    }
}

/// The stations that a job's steps are at.
pub(super) fn stations_of(job: &Job) -> impl Iterator<Item = StationId> {
    job.items.iter().flat_map(|item| &item.steps).map(|step| step.station_id)
}
