//! What is on the demo floor, without secrets and without chance: the same plan for the same number of kiosks.

use super::ids::{Kind, id};
use super::people::{self, DemoWorker};
use super::stations::{self, DemoStation};
use super::{labels, reasons, statuses};
use millrace_domain::storage::{PlannedReason, PlannedStation, PlannedStatus};
use millrace_protocol::status::ReasonType;
use millrace_protocol::{KioskId, ReasonId, StationId, StatusDefinitionId, UserId, WorkerId};
use std::ops::Range;

/// The station without a kiosk of its own: the last of the basic ones. It alone has checklists, so that whoever
/// works at a listed kiosk is never asked for one.
pub const ALONE: usize = stations::BASIC.len() - 1;

/// How many there are of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Stations.
    pub stations: usize,
    /// Workers.
    pub workers: usize,
    /// Kiosks; where they stand: [`station_of`].
    pub kiosks: usize,
}

impl Extent {
    /// With so many kiosks: as many stations and workers, and the station without one; but never fewer than the
    /// basic ones.
    #[must_use]
    pub fn of(kiosks: usize) -> Self {
        let stations = if kiosks > ALONE { kiosks + 1 } else { stations::BASIC.len() };
        Self { stations, workers: kiosks.max(people::BASIC.len()), kiosks }
    }

    /// Nothing yet.
    pub const NOTHING: Self = Self { stations: 0, workers: 0, kiosks: 0 };
}

/// The id of the station with this number.
#[must_use]
pub fn station_id(number: usize) -> StationId {
    StationId(id(Kind::Station, number))
}

/// The id of the worker with this number.
#[must_use]
pub fn worker_id(number: usize) -> WorkerId {
    WorkerId(id(Kind::Worker, number))
}

/// The id of the kiosk with this number.
#[must_use]
pub fn kiosk_id(number: usize) -> KioskId {
    KioskId(id(Kind::Kiosk, number))
}

/// The id of the demo's administrator.
#[must_use]
pub fn user_id() -> UserId {
    UserId(id(Kind::User, 0))
}

/// The number of the station where the kiosk with this number stands: the same, but for the station without one.
#[must_use]
pub fn station_of(kiosk: usize) -> usize {
    if kiosk < ALONE { kiosk } else { kiosk + 1 }
}

/// What the kiosk with this number is called.
#[must_use]
pub fn kiosk_name(number: usize) -> String {
    format!("Kiosk {}", stations::station(station_of(number)).code)
}

/// Stations with these numbers.
pub fn stations(numbers: Range<usize>) -> impl Iterator<Item = PlannedStation> {
    numbers.map(|number| {
        let DemoStation { code, name, kind, area } = stations::station(number);
        PlannedStation { id: station_id(number), code, name, kind: kind.to_owned(), area }
    })
}

/// Workers with these numbers.
pub fn workers(numbers: Range<usize>) -> impl Iterator<Item = (WorkerId, DemoWorker)> {
    numbers.map(|number| (worker_id(number), people::worker(number)))
}

/// Statuses for every station.
pub fn global_statuses() -> impl Iterator<Item = PlannedStatus> {
    let rows = statuses::GLOBAL.iter().enumerate();
    rows.map(|(number, row)| PlannedStatus { station: None, definition: statuses::definition(row, number) })
}

/// Statuses of single stations: of basic ones only, the further ones are there for their number.
pub fn station_statuses() -> impl Iterator<Item = PlannedStatus> {
    pairs(&statuses::OF_TYPE).enumerate().map(|(number, (station, row))| PlannedStatus {
        station: Some(station_id(station)),
        definition: statuses::definition(row, statuses::GLOBAL.len() + number),
    })
}

/// The id of a status for every station.
#[must_use]
pub fn status_id(key: &str) -> Option<StatusDefinitionId> {
    let number = statuses::GLOBAL.iter().position(|row| row.0 == key)?;
    Some(StatusDefinitionId(id(Kind::Status, number)))
}

/// Reasons, for every station and of single ones.
pub fn reasons() -> impl Iterator<Item = PlannedReason> {
    use ReasonType::{General, Malfunction, Scrap, Stop};
    let single = pairs(&reasons::STOPS_OF_TYPE).map(|(station, row)| (Some(station_id(station)), Stop, row));
    // A number decides an id: what is new goes to the end.
    for_all(&reasons::STOPS, Stop)
        .chain(single)
        .chain(for_all(&reasons::MALFUNCTIONS, Malfunction))
        .chain(for_all(&reasons::GENERAL, General))
        .chain(for_all(&reasons::SCRAP, Scrap))
        .enumerate()
        .map(|(number, (station, kind, row))| PlannedReason {
            id: ReasonId(id(Kind::Reason, number)),
            station,
            kind,
            labels: labels(row.0, row.1),
        })
}

fn for_all<T>(
    rows: &'static [T],
    kind: ReasonType,
) -> impl Iterator<Item = (Option<StationId>, ReasonType, &'static T)> {
    rows.iter().map(move |row| (None, kind, row))
}

/// Every basic station with each row of its type.
fn pairs<T>(of_type: &'static [(&'static str, T)]) -> impl Iterator<Item = (usize, &'static T)> {
    stations::BASIC.iter().enumerate().flat_map(move |(number, (_, _, kind, _))| {
        of_type.iter().filter(move |(wanted, _)| wanted == kind).map(move |(_, row)| (number, row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_basic_floor_is_what_the_contract_says() {
        let extent = Extent::of(23);
        assert_eq!(extent, Extent { stations: 24, workers: 40, kiosks: 23 });
        let areas: BTreeSet<String> = stations(0..24).map(|station| station.area).collect();
        assert_eq!(areas.len(), 4);
        let workers: Vec<DemoWorker> = workers(0..40).map(|(_, worker)| worker).collect();
        assert!(workers[0].has_pin);
        assert!(workers.iter().any(|worker| !worker.has_pin));
        let languages: BTreeSet<&str> = workers.iter().map(|worker| worker.language).collect();
        assert_eq!(languages, BTreeSet::from(["en", "he", "ar", "ru"]));
    }

    #[test]
    fn no_two_share_a_code_however_many_there_are() {
        let extent = Extent::of(5_000);
        let stations: BTreeSet<String> = stations(0..extent.stations).map(|station| station.code).collect();
        let workers: BTreeSet<String> = workers(0..extent.workers).map(|(_, worker)| worker.code).collect();
        assert_eq!((stations.len(), workers.len()), (5_001, 5_000));
    }

    #[test]
    fn no_kiosk_stands_at_the_station_with_checklists() {
        let extent = Extent::of(100);
        let at: BTreeSet<usize> = (0..extent.kiosks).map(station_of).collect();
        let left: Vec<usize> = (0..extent.stations).filter(|station| !at.contains(station)).collect();
        assert_eq!((at.len(), left), (100, vec![ALONE]));
        assert_eq!(at.last(), Some(&(extent.stations - 1)));
    }

    #[test]
    fn a_larger_floor_begins_with_the_smaller_one() {
        let codes = |count| stations(0..count).map(|s| (s.id, s.code, s.area)).collect::<Vec<_>>();
        assert_eq!(codes(24), codes(200)[..24]);
    }

    #[test]
    fn a_few_kiosks_stand_on_the_whole_basic_floor() {
        assert_eq!(Extent::of(3), Extent { stations: 24, workers: 40, kiosks: 3 });
    }

    #[test]
    fn single_statuses_and_reasons_belong_to_stations_there_are() {
        let known: BTreeSet<StationId> = stations(0..24).map(|station| station.id).collect();
        let keys: BTreeSet<_> = station_statuses().map(|s| (s.station, s.definition.key)).collect();
        assert_eq!(keys.len(), station_statuses().count(), "no key twice at one station");
        assert!(station_statuses().count() >= 10);
        assert!(station_statuses().all(|status| status.station.is_some_and(|id| known.contains(&id))));
        assert!(reasons().filter_map(|reason| reason.station).all(|id| known.contains(&id)));
    }
}
