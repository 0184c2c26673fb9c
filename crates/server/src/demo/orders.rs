//! The jobs that lie open on the demo floor when nobody has begun them yet, and the checklists of the one station
//! that has some.

use super::ids::{Kind, id};
use super::products::{self, CUSTOMERS, OPEN, Product};
use super::{labels, plan, stations};
use chrono::{Days, NaiveDate};
use millrace_domain::storage::{PlannedChecklist, PlannedItem, PlannedJob, PlannedStep};
use millrace_protocol::checklist::{ChecklistItem, ChecklistItemKind};
use millrace_protocol::{ChecklistId, JobId, JobItemId, StepId};
use std::ops::Range;

/// The first of their numbers in the plant.
const FIRST: usize = 3_001;
/// Ids of steps and items of further stations begin here: the open orders have fewer.
const FURTHER: usize = 10_000;
/// Pieces that further stations are to make: nobody gets to the end of it.
const MANY: u64 = 100_000;
/// Working weeks until a further station's job is due.
const FAR: u64 = 60;

/// The open orders, as of a day.
pub fn open(today: NaiveDate) -> impl Iterator<Item = PlannedJob> {
    let mut items = 0..;
    let mut steps = 0..;
    OPEN.iter().enumerate().map(move |(number, (days, customer, wanted))| PlannedJob {
        id: JobId(id(Kind::Job, number)),
        number: format!("J-{}", FIRST + number),
        customer: CUSTOMERS.get(*customer).map(|name| (*name).to_owned()),
        description: None,
        due_on: due(today, *days),
        archived_at: None,
        items: wanted
            .iter()
            .filter_map(|(name, planned)| Some((products::ALL.iter().find(|product| product.name == *name)?, *planned)))
            .map(|(product, planned_quantity)| PlannedItem {
                id: JobItemId(id(Kind::JobItem, items.next().unwrap_or_default())),
                name: product.name.to_owned(),
                planned_quantity,
                closed_short_at: None,
                closed_short_reason: None,
                steps: way(product, || StepId(id(Kind::Step, steps.next().unwrap_or_default()))).collect(),
            })
            .collect(),
    })
}

/// A job for each station beyond the basic ones, so that there is something to make.
pub fn further(numbers: Range<usize>, today: NaiveDate) -> impl Iterator<Item = PlannedJob> {
    let beyond = numbers.start.max(stations::BASIC.len())..numbers.end;
    beyond.map(move |number| {
        let station = stations::station(number);
        let step = PlannedStep {
            id: StepId(id(Kind::Step, FURTHER + number)),
            station_id: plan::station_id(number),
            planned_ms_per_piece: None,
            first_product_approval: false,
        };
        PlannedJob {
            id: JobId(id(Kind::Job, FURTHER + number)),
            number: format!("S-{:05}", number + 1),
            customer: None,
            description: Some("Standing order".to_owned()),
            due_on: due(today, FAR),
            archived_at: None,
            items: vec![PlannedItem {
                id: JobItemId(id(Kind::JobItem, FURTHER + number)),
                name: format!("Part {}", station.code),
                planned_quantity: MANY,
                closed_short_at: None,
                closed_short_reason: None,
                steps: vec![step],
            }],
        }
    })
}

/// The steps of a product.
pub fn way(product: &Product, mut next: impl FnMut() -> StepId) -> impl Iterator<Item = PlannedStep> {
    product.steps.iter().map(move |(code, planned, approval)| PlannedStep {
        id: next(),
        station_id: plan::station_id(products::station(code)),
        planned_ms_per_piece: Some(*planned),
        first_product_approval: *approval,
    })
}

/// A day so many days on, as the interface writes it.
#[must_use]
pub fn due(today: NaiveDate, days: u64) -> Option<String> {
    today.checked_add_days(Days::new(days)).map(|day| day.to_string())
}

/// What is asked at the station without a kiosk of its own: at the start, and at the end.
#[must_use]
pub fn checklists() -> [PlannedChecklist; 2] {
    let item = |id: &str, en: &str, he: &str, kind, required| ChecklistItem {
        id: id.to_owned(),
        labels: labels(en, he),
        kind,
        required,
    };
    let list = |number, name: &str, start, items| PlannedChecklist {
        id: ChecklistId(id(Kind::Checklist, number)),
        name: name.to_owned(),
        items,
        station_id: plan::station_id(plan::ALONE),
        start,
        end: !start,
    };
    let (check, number, text) = (ChecklistItemKind::Check, ChecklistItemKind::Number, ChecklistItemKind::Text);
    [
        list(
            0,
            "Packing: start",
            true,
            vec![
                item("guards", "Guards are closed", "המגינים סגורים", check, true),
                item("scale", "The scale shows (g)", "המשקל מראה (ג׳)", number, true),
                item("remarks", "Remarks", "הערות", text, false),
            ],
        ),
        list(
            1,
            "Packing: end",
            false,
            vec![
                item("clean", "The line is clean", "הקו נקי", check, true),
                item("film", "Film left (m)", "יריעה שנותרה (מ׳)", number, false),
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
    }

    #[test]
    fn every_station_has_open_work_that_wants_no_approval() {
        let jobs: Vec<PlannedJob> = open(today()).chain(further(0..60, today())).collect();
        let steps = || jobs.iter().flat_map(|job| &job.items).flat_map(|item| &item.steps);
        for number in 0..60 {
            let here = plan::station_id(number);
            assert!(steps().any(|step| step.station_id == here && !step.first_product_approval), "{number}");
        }
        assert!(steps().any(|step| step.first_product_approval));
        assert_eq!(steps().map(|step| step.id).collect::<BTreeSet<_>>().len(), steps().count());
        let items = || jobs.iter().flat_map(|job| &job.items);
        assert_eq!(items().map(|item| item.id).collect::<BTreeSet<_>>().len(), items().count());
        assert_eq!(jobs.iter().map(|job| &job.number).collect::<BTreeSet<_>>().len(), jobs.len());
        assert!(items().any(|item| item.steps.len() > 2), "some go through several stations");
    }

    #[test]
    fn a_larger_floor_adds_jobs_and_repeats_none() {
        assert_eq!(further(3..24, today()).count(), 0);
        assert_eq!(further(24..61, today()).count(), 37);
    }

    #[test]
    fn the_station_with_checklists_has_one_for_each_end() {
        let [start, end] = checklists();
        assert!(start.start && !start.end && end.end && !end.start);
        assert!([start, end].iter().all(|list| list.items.iter().any(|item| item.required)));
    }
}
