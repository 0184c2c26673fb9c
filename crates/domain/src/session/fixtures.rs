//! What the tests of this crate share.

use super::{Claimer, Live, Moment, StationSnapshot, WorkerSnapshot, open};
use crate::people::MeantFor;
use crate::status::STOP;
use crate::{Chance, Policy};
use millrace_protocol::job::{JobItem, JobStep};
use millrace_protocol::session::Session;
use millrace_protocol::status::{MachineState, ReasonWanted, ReportType, StatusDefinition, TimeClass};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{
    InstanceId, JobId, JobItemId, KioskId, SessionId, StationId, StatusDefinitionId, StepId, WorkerId,
};
use uuid::Uuid;

/// Gives the same bytes every time.
#[derive(Debug)]
pub(crate) struct FixedChance;

impl Chance for FixedChance {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

pub(crate) fn id(n: u8) -> Uuid {
    Uuid::from_bytes([n; 16])
}

pub(crate) fn worker(n: u8) -> WorkerSnapshot {
    WorkerSnapshot {
        id: WorkerId(id(n)),
        code: format!("W{n}"),
        name: format!("Worker {n}"),
        meant_for: MeantFor::default(),
    }
}

pub(crate) fn station(n: u8) -> StationSnapshot {
    StationSnapshot {
        id: StationId(id(n)),
        code: format!("S{n}"),
        name: format!("Station {n}"),
        area: None,
        minor_stop_ms: None,
    }
}

pub(crate) fn definition(key: &str) -> StatusDefinition {
    StatusDefinition {
        id: StatusDefinitionId(id(u8::try_from(key.len()).expect("a short key"))),
        key: key.to_owned(),
        labels: [("en".to_owned(), key.to_owned())].into(),
        color: "#1B7A3D".to_owned(),
        machine_state: MachineState::Stoppage,
        time_class: TimeClass::UnplannedStop,
        reason_wanted: ReasonWanted::Later,
        report_type: ReportType::None,
        protected: true,
    }
}

/// An open session of worker 1 at station 1, in `stop` since time 0, under epoch 1.
pub(crate) fn live() -> Live {
    let policy = Policy::default();
    let moment = Moment { now: at(0), chance: &FixedChance, policy: &policy };
    let claimer = Claimer { kiosk: KioskId(id(9)), instance: InstanceId(id(8)) };
    let beginning = open::Beginning {
        id: SessionId(id(3)),
        worker: &worker(1),
        station: &station(1),
        outside: false,
        status: &definition(STOP),
        claimer,
        from: at(0),
        after: None,
        is_offline: false,
        goes_on: None,
        grace_ms: policy.start_stop_ms,
    };
    open::begin(beginning, &moment).0
}

pub(crate) fn session() -> Session {
    live().session
}

/// An item with a step per (station, good, scrap); the last is terminal. Nothing is derived yet.
pub(crate) fn item(planned: u64, steps: &[(u8, u64, u64)]) -> JobItem {
    JobItem {
        id: JobItemId(id(40)),
        job_id: JobId(id(41)),
        job_number: "J1".into(),
        name: "Shaft".into(),
        position: 1,
        planned_quantity: planned,
        completed_good: 0,
        completed_scrap: 0,
        complete: false,
        missing: 0,
        frozen_at: None,
        closed_short_at: None,
        closed_short_reason: None,
        archived_at: None,
        steps: (1u8..)
            .zip(steps)
            .map(|(position, &(station, good, scrap))| JobStep {
                id: StepId(id(50 + position)),
                position: u32::from(position),
                station_id: StationId(id(station)),
                station_code: format!("S{station}"),
                station_name: format!("Station {station}"),
                planned_ms_per_piece: None,
                first_product_approval: false,
                is_terminal: usize::from(position) == steps.len(),
                good,
                scrap,
                wip: 0,
            })
            .collect(),
        version: 1,
    }
}
