//! The order book: what there is to make at a station at a moment, and new orders where there is nothing.
//!
//! A step takes only what the step before had counted by then, so pieces never come out of nowhere.

use super::dice::Dice;
use crate::demo::orders::due;
use crate::demo::products::{self, CUSTOMERS, Product};
use crate::demo::{plan, shifts};
use chrono::NaiveDate;
use millrace_domain::storage::{PlannedItem, PlannedJob, PlannedStep};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{JobId, JobItemId, StepId};

/// The first of their numbers in the plant; those that lie open come after them.
const FIRST: usize = 2_401;
/// An item is worth a setup when it gives work for so long.
const WORTH_MS: u64 = 25 * 60_000;
/// No more is put on a way while so much lies before its later stations.
const CROWDED_MS: u64 = 14 * 3_600_000;
/// So many days after its last piece a job is put away.
const PUT_AWAY_DAYS: i64 = 4;
const DAY: i64 = 86_400_000;

/// A step of an item, by their places in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Work {
    pub(super) item: usize,
    pub(super) step: usize,
}

#[derive(Debug)]
struct Step {
    id: StepId,
    station: usize,
    pace: u64,
    approval: bool,
    good: u64,
    scrap: u64,
    /// What was counted good, and when.
    came: Vec<(Timestamp, u64)>,
}

#[derive(Debug)]
struct Item {
    id: JobItemId,
    name: &'static str,
    planned: u64,
    /// What the first step is given: some of it will be scrap.
    given: u64,
    steps: Vec<Step>,
    last: Timestamp,
    closed: Option<Timestamp>,
}

impl Item {
    /// Pieces that a step may work on at a moment.
    fn room(&self, step: usize, at: Timestamp) -> u64 {
        let came = match step.checked_sub(1) {
            None => self.given,
            Some(before) => self.steps[before].came.iter().filter(|(when, _)| *when <= at).map(|(_, good)| good).sum(),
        };
        came.saturating_sub(self.steps[step].good + self.steps[step].scrap)
    }

    /// Whether nothing more comes to a step than what is there.
    fn is_last_of_it(&self, step: usize, at: Timestamp) -> bool {
        (0..step).all(|before| self.room(before, at) == 0)
    }

    /// How long a step still has to do, whenever its pieces come.
    fn ahead(&self, step: &Step) -> u64 {
        if self.closed.is_some() { 0 } else { self.given.saturating_sub(step.good + step.scrap) * step.pace }
    }

    fn is_complete(&self) -> bool {
        self.steps.last().is_some_and(|step| step.good >= self.planned)
    }
}

#[derive(Debug)]
struct Job {
    id: JobId,
    customer: &'static str,
    made: Timestamp,
    due_in: u64,
    items: Vec<usize>,
}

/// What a step is, as a worker sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepFacts {
    pub(super) item_id: JobItemId,
    pub(super) step_id: StepId,
    /// Planned milliseconds for a piece.
    pub(super) pace: u64,
    /// Whether its first product wants approval.
    pub(super) approval: bool,
}

/// All orders of the three weeks.
#[derive(Debug, Default)]
pub(super) struct Orders {
    jobs: Vec<Job>,
    items: Vec<Item>,
}

impl Orders {
    pub(super) fn facts(&self, work: Work) -> StepFacts {
        let item = &self.items[work.item];
        let step = &item.steps[work.step];
        StepFacts { item_id: item.id, step_id: step.id, pace: step.pace, approval: step.approval }
    }

    /// Whether nothing comes after a step.
    pub(super) fn is_terminal(&self, step: StepId) -> bool {
        self.items.iter().any(|item| item.steps.last().is_some_and(|last| last.id == step))
    }

    /// Pieces that this work has left at a moment.
    pub(super) fn room(&self, work: Work, at: Timestamp) -> u64 {
        self.items[work.item].room(work.step, at)
    }

    /// The oldest work at a station that is worth a setup; a new order where there is none.
    pub(super) fn choose(&mut self, station: usize, at: Timestamp, dice: &mut Dice) -> Work {
        let found =
            self.items.iter().enumerate().filter(|(_, item)| item.closed.is_none()).find_map(|(number, item)| {
                let step = item.steps.iter().enumerate().position(|(place, step)| {
                    let room = item.room(place, at);
                    step.station == station
                        && room > 0
                        && (room * step.pace >= WORTH_MS || item.is_last_of_it(place, at))
                })?;
                Some(Work { item: number, step })
            });
        found.unwrap_or_else(|| self.order(station, at, dice))
    }

    /// Takes an order for something that begins at a station.
    fn order(&mut self, station: usize, at: Timestamp, dice: &mut Dice) -> Work {
        let begins = products::ALL.iter().filter(|product| products::station(product.steps[0].0) == station);
        let begins: Vec<&Product> = begins.collect();
        let is_free = |product: &&&Product| product.steps[1..].iter().all(|step| !self.is_crowded(step.0));
        let free: Vec<&Product> = begins.iter().filter(is_free).copied().collect();
        let product = *dice.pick(if free.is_empty() { &begins } else { &free });
        let slowest = product.steps.iter().map(|step| step.1).max().unwrap_or(1);
        let planned = rounded(dice.count(6, 19) * 3_600_000 / slowest);
        let steps = product.steps.iter().map(|(code, pace, approval)| Step {
            id: StepId(dice.id(at)),
            station: products::station(code),
            pace: *pace,
            approval: *approval,
            good: 0,
            scrap: 0,
            came: Vec::new(),
        });
        let steps = steps.collect();
        // A little more than wanted, because some of it will be scrap at each station; not always enough.
        let ways = u64::try_from(product.steps.len()).unwrap_or(1);
        let given = planned + ways * (2 + planned * dice.count(10, 34) / 1_000);
        let number = self.items.len();
        let id = JobItemId(dice.id(at));
        self.items.push(Item { id, name: product.name, planned, given, steps, last: at, closed: None });
        self.put_in_job(number, at, dice);
        Work { item: number, step: 0 }
    }

    /// An item of the same morning often belongs to the same job.
    fn put_in_job(&mut self, item: usize, at: Timestamp, dice: &mut Dice) {
        if let Some(job) = self.jobs.last_mut()
            && at.millis_since(job.made) < DAY / 2
            && job.items.len() < 3
            && dice.comes(400)
        {
            job.items.push(item);
            return;
        }
        let (id, customer, due_in) = (JobId(dice.id(at)), *dice.pick(&CUSTOMERS), dice.count(6, 16));
        self.jobs.push(Job { id, customer, made: at, due_in, items: vec![item] });
    }

    fn is_crowded(&self, code: &str) -> bool {
        let station = products::station(code);
        let steps = self.items.iter().flat_map(|item| item.steps.iter().map(move |step| (item, step)));
        steps.filter(|(_, step)| step.station == station).map(|(item, step)| item.ahead(step)).sum::<u64>() > CROWDED_MS
    }

    /// Books pieces; fewer than none in what takes back.
    pub(super) fn book(&mut self, work: Work, at: Timestamp, good: i64, scrap: i64) {
        let item = &mut self.items[work.item];
        item.last = item.last.max(at);
        let step = &mut item.steps[work.step];
        step.good = step.good.saturating_add_signed(good);
        step.scrap = step.scrap.saturating_add_signed(scrap);
        if let Ok(good) = u64::try_from(good) {
            step.came.push((at, good));
        }
    }

    /// Closes short the item that is farthest and not done; it is not worked on any more.
    pub(super) fn close_one_short(&mut self, at: Timestamp) {
        let far = |item: &Item| item.steps.last().map_or(0, |step| step.good * 1_000 / item.planned);
        let unfinished = self.items.iter_mut().filter(|item| !item.is_complete());
        if let Some(item) = unfinished.max_by_key(|item| far(item)) {
            item.closed = Some(at);
        }
    }

    /// Whether this work can still be gone on with.
    pub(super) fn is_open(&self, work: Work) -> bool {
        self.items[work.item].closed.is_none()
    }

    /// The jobs as the floor gets them: without balances, which the ledger gives.
    pub(super) fn jobs(&self, today: NaiveDate) -> Vec<PlannedJob> {
        let now = shifts::start_of(today);
        self.jobs.iter().enumerate().map(|(number, job)| self.planned(number, job, now)).collect()
    }

    fn planned(&self, number: usize, job: &Job, now: Timestamp) -> PlannedJob {
        let items = || job.items.iter().map(|item| &self.items[*item]);
        let done = items().all(|item| item.is_complete() || item.closed.is_some());
        let last = items().map(|item| item.last).max().unwrap_or(job.made);
        let away = last.plus_millis(PUT_AWAY_DAYS * DAY);
        PlannedJob {
            id: job.id,
            number: format!("J-{}", FIRST + number),
            customer: Some(job.customer.to_owned()),
            description: None,
            due_on: due(shifts::today(job.made), job.due_in),
            archived_at: (done && away < now).then_some(away),
            items: items().map(planned_item).collect(),
        }
    }
}

fn planned_item(item: &Item) -> PlannedItem {
    let steps = item.steps.iter().map(|step| PlannedStep {
        id: step.id,
        station_id: plan::station_id(step.station),
        planned_ms_per_piece: Some(step.pace),
        first_product_approval: step.approval,
    });
    PlannedItem {
        id: item.id,
        name: item.name.to_owned(),
        planned_quantity: item.planned,
        closed_short_at: item.closed,
        closed_short_reason: item.closed.map(|_| "The customer takes what is there".to_owned()),
        steps: steps.collect(),
    }
}

/// Nobody orders 437 pieces.
fn rounded(pieces: u64) -> u64 {
    let step = match pieces {
        0..100 => 5,
        100..1_000 => 20,
        _ => 100,
    };
    (pieces / step * step).max(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + hours * 3_600_000)
    }

    #[test]
    fn a_station_never_waits_for_work() {
        let (mut orders, mut dice) = (Orders::default(), Dice::new(1));
        for station in 0..24 {
            let work = orders.choose(station, at(0), &mut dice);
            assert!(orders.room(work, at(0)) > 0);
        }
    }

    #[test]
    fn a_later_step_takes_what_was_counted_by_then_and_no_more() {
        let (mut orders, mut dice) = (Orders::default(), Dice::new(1));
        // The saw begins valve bodies, too; some order is one of those.
        let mut work = orders.order(products::station("SAW-01"), at(0), &mut dice);
        while orders.items[work.item].steps.len() < 2 {
            work = orders.order(products::station("SAW-01"), at(0), &mut dice);
        }
        let next = Work { step: 1, ..work };
        orders.book(work, at(2), 40, 1);
        assert_eq!((orders.room(next, at(1)), orders.room(next, at(2))), (0, 40));
        orders.book(next, at(3), 30, 2);
        assert_eq!(orders.room(next, at(3)), 8);
    }

    #[test]
    fn what_was_closed_short_is_not_chosen_again() {
        let (mut orders, mut dice) = (Orders::default(), Dice::new(1));
        let work = orders.choose(0, at(0), &mut dice);
        orders.book(work, at(1), 10, 0);
        orders.close_one_short(at(2));
        assert!(!orders.is_open(work));
        assert_ne!(orders.choose(0, at(3), &mut dice), work);
    }
}
