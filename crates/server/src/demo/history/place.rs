//! A station as those who work there know it: its statuses, its reasons, how long it runs between two stops, and
//! what it was doing when the last worker left.

use super::dice::MINUTE;
use super::jobs::Work;
use crate::demo::stations::{self, ASSEMBLY, FINISHING, MACHINING};
use crate::demo::{plan, statuses};
use millrace_domain::status::{MALFUNCTION, PRODUCTION, STOP};
use millrace_protocol::status::{MachineState, ReasonType};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{KioskId, ReasonId, StationId, StatusDefinitionId};

/// The statuses that this history knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statuses {
    pub(super) production: StatusDefinitionId,
    pub(super) stop: StatusDefinitionId,
    pub(super) malfunction: StatusDefinitionId,
    pub(super) setup: StatusDefinitionId,
    pub(super) trial: StatusDefinitionId,
    pub(super) pause: StatusDefinitionId,
    pub(super) cleaning: StatusDefinitionId,
    pub(super) waiting: StatusDefinitionId,
    pub(super) quality: StatusDefinitionId,
}

impl Statuses {
    /// Absent when the plan has lost one of them.
    pub(super) fn of_plan() -> Option<Self> {
        Some(Self {
            production: plan::status_id(PRODUCTION)?,
            stop: plan::status_id(STOP)?,
            malfunction: plan::status_id(MALFUNCTION)?,
            setup: plan::status_id(statuses::SETUP)?,
            trial: plan::status_id("trial")?,
            pause: plan::status_id(statuses::BREAK)?,
            cleaning: plan::status_id("cleaning")?,
            waiting: plan::status_id("waiting")?,
            quality: plan::status_id("quality")?,
        })
    }
}

/// An approval that holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) work: Work,
    /// Its place among the past approvals.
    pub(super) number: usize,
    pub(super) until: Timestamp,
}

/// A station through the weeks.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) number: usize,
    pub(super) station: StationId,
    pub(super) kiosk: KioskId,
    /// A setup of its own: tools, mould, colour.
    pub(super) own_setup: Option<StatusDefinitionId>,
    /// Stop reasons with their weights.
    pub(super) stops: Vec<(ReasonId, u64)>,
    pub(super) malfunctions: Vec<ReasonId>,
    pub(super) general: Vec<ReasonId>,
    pub(super) scrap: Vec<ReasonId>,
    /// Milliseconds that it runs between two stops, on average.
    pub(super) run: i64,
    /// Minutes that a setup takes, from and to.
    pub(super) setup: (i64, i64),
    /// What is bound.
    pub(super) work: Option<Work>,
    /// Milliseconds that went into a piece which is not done yet.
    pub(super) begun: u64,
    pub(super) approval: Option<Held>,
    /// The status it was left in.
    pub(super) left_in: Option<StatusDefinitionId>,
    /// From when on nobody is there.
    pub(super) free_from: Timestamp,
}

/// Of a thousand minutes of explained stops, so many for each of the reasons of every station, in their order: the
/// first, the third and the fourth make most of them.
const SHARES: [u64; 9] = [345, 50, 195, 262, 40, 35, 30, 18, 10];
/// And for all of those of the station's own together.
const OWN: u64 = 50;
/// Minutes of an ordinary stop, on average over all kinds.
const STOP_MINUTES: f64 = 4.9;
/// Parts of the planned time that go into setups and beginnings.
const READY: f64 = 0.06;

impl Place {
    pub(super) fn new(number: usize, kiosk: KioskId) -> Self {
        let station = plan::station_id(number);
        let of_kind = |kind| {
            move |reason: &millrace_domain::storage::PlannedReason| {
                reason.kind == kind && reason.station.is_none_or(|only| only == station)
            }
        };
        let reasons = |kind| plan::reasons().filter(of_kind(kind));
        let ids = |kind| reasons(kind).map(|reason| reason.id).collect();
        let own = u64::try_from(reasons(ReasonType::Stop).count().saturating_sub(SHARES.len())).unwrap_or_default();
        let stops = reasons(ReasonType::Stop)
            .enumerate()
            .map(|(n, reason)| (reason.id, SHARES.get(n).copied().unwrap_or_else(|| OWN / own.max(1))));
        let mut its = plan::station_statuses().filter(|status| status.station == Some(station));
        let own_setup = its.find(|status| status.definition.machine_state == MachineState::Setup);
        let area = stations::BASIC.get(number).map_or(ASSEMBLY, |row| row.3);
        let in_one_shift = [FINISHING, ASSEMBLY].contains(&area);
        Self {
            number,
            station,
            kiosk,
            own_setup: own_setup.map(|status| status.definition.id),
            stops: stops.collect(),
            malfunctions: ids(ReasonType::Malfunction),
            general: ids(ReasonType::General),
            scrap: ids(ReasonType::Scrap),
            run: run(number, in_one_shift),
            setup: if in_one_shift {
                (3, 12)
            } else if area == MACHINING {
                (10, 32)
            } else {
                (12, 38)
            },
            work: None,
            begun: 0,
            approval: None,
            left_in: None,
            free_from: Timestamp::from_millis(0),
        }
    }
}

/// How long a station runs between two stops, so that it comes to the availability that is meant for it: between 69
/// and 78 %, in no order that one could see. Where people work in one shift only, an empty place weighs more; there it
/// is no less than 75 %.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers, rounded on purpose")]
fn run(number: usize, in_one_shift: bool) -> i64 {
    let (low, span) = if in_one_shift { (0.75, 0.05) } else { (0.69, 0.09) };
    let meant = low + span * ((number * 7 + 3) % 24) as f64 / 23.0;
    let share = meant / (1.0 - READY);
    (share / (1.0 - share) * STOP_MINUTES * MINUTE as f64).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_station_has_reasons_for_all_that_happens() {
        assert!(Statuses::of_plan().is_some());
        for number in 0..24 {
            let place = Place::new(number, plan::kiosk_id(number));
            assert!(place.stops.len() >= SHARES.len());
            assert!([&place.malfunctions, &place.general, &place.scrap].iter().all(|reasons| reasons.len() > 3));
            assert!((9 * MINUTE..32 * MINUTE).contains(&place.run), "{number}: {}", place.run);
        }
    }
}
