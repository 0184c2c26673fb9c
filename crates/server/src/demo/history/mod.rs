//! Three weeks in which people worked on the demo floor, told from a seed: the same past on every first start of a
//! day, and the same but for the dates on any other day.
//!
//! Turn by turn in the order of time, station by station: who stands there ([`crew`]), what there is to make
//! ([`jobs`]), how a session goes ([`sitting`]), what is counted ([`counts`]), reported ([`reports`]), approved
//! ([`approvals`]) and what else happens ([`asides`]). The rules of the trade hold in it as if it had been tapped.
//!
//! Deliberately not here: anything that is still going on. When today begins, nobody is at a machine.

mod approvals;
mod asides;
mod counts;
mod crew;
mod dice;
mod jobs;
mod place;
mod reports;
mod sitting;
#[cfg(test)]
mod tests;

use super::ids::{Kind, id};
use super::shifts::{self, Turn};
use super::{plan, stations};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use dice::{Dice, MINUTE};
use jobs::Orders;
use millrace_domain::storage::{History, PastKiosk, PlannedJob};
use millrace_protocol::KioskId;
use millrace_protocol::session::CloseReason;
use millrace_protocol::time::Timestamp;
use place::{Place, Statuses};
use sitting::Sit;

/// What chance begins with.
const SEED: u64 = 7_420;
/// How far back it goes, in days.
const DAYS: u64 = 21;
/// Tablets that stood where no kiosk of the floor stands; their numbers among the kiosks.
const TABLETS: usize = 1_000_000;

/// What happened, and what it was about.
#[derive(Debug, Default, PartialEq)]
pub struct Past {
    /// The jobs that were worked on.
    pub jobs: Vec<PlannedJob>,
    /// What was done.
    pub history: History,
}

/// The floor while its past is being told.
#[derive(Debug)]
struct Yard {
    dice: Dice,
    statuses: Statuses,
    places: Vec<Place>,
    tablets: Vec<PastKiosk>,
    orders: Orders,
    past: History,
    /// Beside each report what it does not say itself.
    told: Vec<reports::Told>,
    /// How many sessions were thought of so far.
    thought_of: usize,
}

/// The three weeks before a day, on a floor with so many kiosks.
#[must_use]
pub fn weeks(today: NaiveDate, kiosks: usize) -> Past {
    let turns = shifts::turns(today, DAYS);
    let (Some(statuses), Some(first)) = (Statuses::of_plan(), turns.first()) else { return Past::default() };
    let now = shifts::start_of(today);
    let mut yard = Yard::new(kiosks, statuses, first.from, now);
    let posts = crew::posts(&turns, &mut yard.dice);
    let short = today.checked_sub_days(Days::new(10)).unwrap_or_default();
    let mut is_closed = false;
    for (number, turn) in turns.iter().enumerate() {
        if !is_closed && turn.day >= short && turn.day.weekday() == Weekday::Mon {
            yard.orders.close_one_short(turn.from.plus_millis(-25 * MINUTE));
            is_closed = true;
        }
        for (place, worker) in &posts[number] {
            let mut later = turns.iter().zip(&posts).skip(number + 1);
            let is_awaited = later.any(|(next, posts)| next.from == turn.until && posts.contains_key(place));
            for sit in yard.think_of(turn, *place, *worker, is_awaited) {
                yard.sit(&sit);
            }
        }
    }
    yard.finish(today, now)
}

impl Yard {
    fn new(kiosks: usize, statuses: Statuses, first: Timestamp, now: Timestamp) -> Self {
        let since = first.plus_millis(-24 * 60 * MINUTE);
        let mut tablets = Vec::new();
        let places = (0..stations::BASIC.len()).map(|number| {
            let here = (0..kiosks.min(stations::BASIC.len())).find(|kiosk| plan::station_of(*kiosk) == number);
            let kiosk = here.map_or_else(
                || {
                    let tablet = tablet(number, since, now);
                    let id = tablet.id;
                    tablets.push(tablet);
                    id
                },
                plan::kiosk_id,
            );
            Place::new(number, kiosk)
        });
        let places = places.collect();
        let past = History { since: Some(since), ..History::default() };
        let dice = Dice::new(SEED);
        Self { dice, statuses, places, tablets, orders: Orders::default(), past, told: Vec::new(), thought_of: 0 }
    }

    /// The sessions of one worker in one turn: mostly one, from its beginning to its end.
    fn think_of(&mut self, turn: &Turn, place: usize, worker: usize, is_awaited: bool) -> Vec<Sit> {
        let number = self.thought_of;
        self.thought_of += 1;
        let free_from = self.places[place].free_from;
        // Whoever waits for the next one hands the machine over; the next one begins at that moment.
        let taken = self.past.sessions.iter().rev().find(|session| session.station_id == self.places[place].station);
        let taken = taken.is_some_and(|last| {
            last.close_reason == CloseReason::Handover && last.ended_at.millis_since(turn.from).abs() < 10 * MINUTE
        });
        let from = if taken {
            free_from
        } else {
            turn.from.plus_millis(self.dice.between(-4 * MINUTE, 6 * MINUTE)).max(free_from.plus_millis(5_000))
        };
        let (end, until) = if is_awaited && self.dice.comes(650) {
            (CloseReason::Handover, turn.until.plus_millis(self.dice.between(-4 * MINUTE, 6 * MINUTE)))
        } else {
            (CloseReason::Completed, turn.until.plus_millis(-self.dice.between(20_000, 6 * MINUTE)))
        };
        let taken_over = (number % 45 == 7).then(|| from.plus_millis(self.dice.minutes(60, 300)));
        let uncounted = end == CloseReason::Handover && number % 20 == 3;
        let usual = Sit { place, worker, from, until, breaks: turn.breaks.clone(), taken, end, uncounted, taken_over };
        self.as_it_goes(number, usual, turn)
    }

    /// Now and then something comes between.
    fn as_it_goes(&mut self, number: usize, usual: Sit, turn: &Turn) -> Vec<Sit> {
        let from = usual.from;
        let first = Sit { taken_over: None, uncounted: false, ..usual.clone() };
        match number {
            // No contact; the worker opens another session when he sees it.
            n if n % 64 == 20 => {
                let lost = from.plus_millis(self.dice.minutes(100, 260));
                let back = lost.plus_millis(self.dice.minutes(8, 20));
                vec![
                    Sit { until: lost, end: CloseReason::Idle, uncounted: true, ..first.clone() },
                    Sit { from: back, taken: false, ..usual },
                ]
            }
            // He has gone home ill, and the supervisor ends it.
            n if n % 150 == 75 => {
                vec![Sit { until: from.plus_millis(self.dice.minutes(150, 330)), end: CloseReason::Forced, ..first }]
            }
            n if n % 140 == 33 => vec![Sit { until: turn.until, end: CloseReason::Forgotten, ..first }],
            // Opened by mistake, and again.
            n if n % 170 == 10 && !usual.taken => {
                let until = from.plus_millis(self.dice.between(40_000, 150_000));
                let mistaken = Sit { until, end: CloseReason::Abandoned, ..first };
                vec![mistaken, Sit { from: until.plus_millis(20_000), ..usual }]
            }
            _ => vec![usual],
        }
    }

    /// All of it in the order of time, which is the order of its ids.
    fn finish(mut self, today: NaiveDate, now: Timestamp) -> Past {
        self.call();
        self.correct(now);
        self.quarantine(now);
        reports::settle(&mut self.past, &self.told, now, &mut self.dice);
        let Self { mut past, orders, tablets, .. } = self;
        past.kiosks = tablets;
        past.sessions.sort_by_key(|session| session.id);
        past.claims.sort_by_key(|claim| (claim.session_id, claim.epoch));
        past.events.sort_by_key(|event| event.id);
        past.entries.sort_by_key(|entry| entry.id);
        past.reports.sort_by_key(|report| report.id);
        past.report_changes.sort_by_key(|change| (change.report_id, change.version));
        past.approvals.sort_by_key(|approval| approval.id);
        Past { jobs: orders.jobs(today), history: past }
    }
}

/// What stood at a station until yesterday.
fn tablet(number: usize, since: Timestamp, now: Timestamp) -> PastKiosk {
    let id = KioskId(id(Kind::Kiosk, TABLETS + number));
    PastKiosk {
        id,
        name: format!("Tablet {} (replaced)", stations::station(number).code),
        station_id: Some(plan::station_id(number)),
        token_hash: Dice::new(id.0.as_u64_pair().1).bytes(),
        enrolled_at: since,
        revoked_at: now.plus_millis(-30 * MINUTE),
        last_seq: 1_204,
    }
}
