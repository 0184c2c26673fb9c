//! One session, from the moment a worker opens it to its end: beginnings, setups, runs, stops and breaks without a
//! hole between them.

use super::Yard;
use super::counts::Count;
use super::dice::MINUTE;
use crate::demo::plan;
use millrace_domain::storage::{PastClaim, PastEvent, PastSession};
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::report::ReportKind;
use millrace_protocol::session::{CloseReason, Contact, SessionStatus};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, ReasonId, SessionId, StatusDefinitionId, StatusEventId};

/// A stop of the kinds there are, with how many of a thousand are one.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// Over before anybody asks why.
    Minor,
    Ordinary,
    Long,
    Malfunction,
    Quality,
    /// A small setup between two runs.
    Tools,
}

const STOPS: [(Stop, u64); 6] = [
    (Stop::Minor, 530),
    (Stop::Ordinary, 357),
    (Stop::Long, 85),
    (Stop::Malfunction, 7),
    (Stop::Quality, 6),
    (Stop::Tools, 15),
];

/// What is known of a session before it begins.
#[derive(Debug, Clone)]
pub(super) struct Sit {
    pub(super) place: usize,
    pub(super) worker: usize,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) breaks: Vec<(Timestamp, Timestamp)>,
    /// Whether the machine was taken over as it was.
    pub(super) taken: bool,
    pub(super) end: CloseReason,
    /// Whether what runs at the end is counted by nobody.
    pub(super) uncounted: bool,
    /// When the worker goes on in another window.
    pub(super) taken_over: Option<Timestamp>,
}

/// A session while it is being told.
#[derive(Debug)]
pub(super) struct Sitting {
    pub(super) id: SessionId,
    pub(super) place: usize,
    pub(super) worker: usize,
    pub(super) now: Timestamp,
    pub(super) until: Timestamp,
    pub(super) good: i64,
    pub(super) scrap: i64,
    pub(super) malfunctions: u32,
    pub(super) changes: u32,
    epoch: u32,
    pub(super) is_first: bool,
    missing: bool,
}

/// A stretch that is sure to come: when it begins, until when it goes, the status.
type Fixed = (Timestamp, Timestamp, StatusDefinitionId);

impl Yard {
    /// Tells one session.
    pub(super) fn sit(&mut self, sit: &Sit) {
        let id = SessionId(self.dice.id(sit.from));
        let mut sitting = Sitting {
            id,
            place: sit.place,
            worker: sit.worker,
            now: sit.from,
            until: sit.until,
            good: 0,
            scrap: 0,
            malfunctions: 0,
            changes: 1,
            epoch: 1,
            is_first: false,
            missing: false,
        };
        self.claim(&sitting, sit.from);
        self.answer_start(&sitting);
        self.begin(&mut sitting, sit);
        if sit.end != CloseReason::Abandoned {
            self.work(&mut sitting, sit);
        }
        self.answer_end(&sitting, sit);
        self.end(&sitting, sit);
    }

    /// A session begins in a stop, unless the machine runs.
    fn begin(&mut self, sitting: &mut Sitting, sit: &Sit) {
        let until = if sit.end == CloseReason::Abandoned {
            sit.until
        } else if sit.taken && self.places[sit.place].left_in == Some(self.statuses.production) {
            return;
        } else {
            sit.from.plus_millis(self.dice.between(40_000, 4 * MINUTE))
        };
        self.stretch(sitting, self.statuses.stop, until, None);
    }

    fn work(&mut self, sitting: &mut Sitting, sit: &Sit) {
        let mut fixed = self.fixed(sit).into_iter().peekable();
        while sitting.now < sitting.until {
            if let Some((_, until, status)) = fixed.next_if(|(from, ..)| *from <= sitting.now) {
                let until = until.plus_millis(self.dice.between(-MINUTE, 2 * MINUTE));
                self.stretch(sitting, status, until, None);
                continue;
            }
            if !self.make_ready(sitting) {
                continue;
            }
            let limit = fixed.peek().map_or(sitting.until, |(from, ..)| (*from).min(sitting.until));
            if sitting.now < limit {
                self.run(sitting, sit, limit);
                if sitting.now < limit {
                    self.stop(sitting);
                }
            }
        }
    }

    /// Breaks, and how the worker leaves the machine.
    fn fixed(&mut self, sit: &Sit) -> Vec<Fixed> {
        let pause = self.statuses.pause;
        let mut fixed: Vec<Fixed> = Vec::new();
        for (from, until) in sit.breaks.iter().filter(|(from, _)| sit.from < *from && *from < sit.until) {
            fixed.push((from.plus_millis(self.dice.between(-2 * MINUTE, 3 * MINUTE)), *until, pause));
        }
        match sit.end {
            CloseReason::Completed if self.dice.comes(600) => {
                let from = sit.until.plus_millis(-self.dice.minutes(7, 13));
                fixed.push((from, sit.until, self.statuses.cleaning));
            }
            CloseReason::Forgotten => {
                let from = sit.until.plus_millis(-self.dice.minutes(12, 30));
                fixed.push((from, sit.until.plus_millis(MINUTE), self.statuses.stop));
            }
            _ => {}
        }
        fixed
    }

    /// Sees to it that there is something to make and that it may be made. False where time went by over it.
    fn make_ready(&mut self, sitting: &mut Sitting) -> bool {
        let place = sitting.place;
        let goes_on = self.places[place]
            .work
            .filter(|work| self.orders.is_open(*work) && self.orders.room(*work, sitting.now) > 0);
        let left = sitting.until.millis_since(sitting.now);
        if goes_on.is_none() && left < 20 * MINUTE {
            // For the next one.
            self.stretch(sitting, self.statuses.cleaning, sitting.until, None);
            return false;
        }
        let Some(work) = goes_on else {
            let work = self.orders.choose(self.places[place].number, sitting.now, &mut self.dice);
            self.places[place].work = Some(work);
            self.places[place].begun = 0;
            self.set_up(sitting);
            return false;
        };
        if !self.orders.facts(work).approval || self.is_approved(place, work, sitting.now) {
            return true;
        }
        if left < 60 * MINUTE {
            let reason = self.places[place].stops.get(2).map(|(reason, _)| *reason);
            self.stretch(sitting, self.statuses.stop, sitting.until, reason);
        } else {
            self.approve(sitting, work);
        }
        false
    }

    fn set_up(&mut self, sitting: &mut Sitting) {
        let (low, high) = self.places[sitting.place].setup;
        let until = sitting.now.plus_millis(self.dice.minutes(low, high));
        let own = self.places[sitting.place].own_setup.filter(|_| self.dice.comes(600));
        self.stretch(sitting, own.unwrap_or(self.statuses.setup), until, None);
        sitting.is_first = true;
        if sitting.now < sitting.until && self.dice.comes(60) {
            let until = sitting.now.plus_millis(self.dice.minutes(4, 11));
            self.stretch(sitting, self.statuses.trial, until, None);
            let reason = self.places[sitting.place].general.get(2).copied();
            self.report(sitting, ReportKind::General, reason, Some("First parts of the new lot"), 0);
        }
    }

    /// A run, and the count at its end.
    fn run(&mut self, sitting: &mut Sitting, sit: &Sit, limit: Timestamp) {
        let place = sitting.place;
        let Some(work) = self.places[place].work else { return };
        let pace = self.orders.facts(work).pace;
        let room = self.orders.room(work, sitting.now);
        // Of a thousand milliseconds, so many go into pieces.
        let speed = self.dice.count(860, 1_000);
        let (begun, mean) = (self.places[place].begun, self.places[place].run);
        let needed = (room * pace).saturating_sub(begun) * 1_000 / speed + 1_000;
        let long = self.dice.stretch(mean).min(needed.cast_signed());
        let (from, until) = (sitting.now, sitting.now.plus_millis(long).min(limit));
        if let Some(at) = sit.taken_over.filter(|at| sitting.epoch == 1 && from < *at && *at < until) {
            self.stretch(sitting, self.statuses.production, at, None);
            sitting.epoch = 2;
            self.claim(sitting, at);
        }
        self.stretch(sitting, self.statuses.production, until, None);
        let is_last = sitting.now >= sitting.until;
        if is_last && sit.uncounted {
            sitting.missing = true;
            return;
        }
        let worked = begun + until.millis_since(from).unsigned_abs() * speed / 1_000;
        let pieces = (worked / pace).min(room);
        self.places[place].begun = worked % pace;
        let kind = if is_last && sit.end == CloseReason::Handover { EntryKind::Handover } else { EntryKind::Count };
        let is_first = std::mem::take(&mut sitting.is_first);
        self.count(sitting, Count { pieces, kind, is_first });
    }

    fn stop(&mut self, sitting: &mut Sitting) {
        let place = sitting.place;
        let (stop, waiting) = (self.statuses.stop, self.statuses.waiting);
        let kind = *self.dice.weighed(&STOPS);
        match (kind, self.places[place].own_setup) {
            (Stop::Minor, _) => {
                let until = sitting.now.plus_millis(self.dice.between(25_000, 105_000));
                self.stretch(sitting, stop, until, None);
            }
            (Stop::Malfunction, _) => {
                let until = sitting.now.plus_millis(self.dice.minutes(12, 70));
                self.stretch(sitting, self.statuses.malfunction, until, None);
                self.report_malfunction(sitting);
            }
            (Stop::Quality, _) => {
                let until = sitting.now.plus_millis(self.dice.minutes(5, 18));
                self.stretch(sitting, self.statuses.quality, until, None);
                let reason = self.places[place].general.first().copied();
                self.report(sitting, ReportKind::General, reason, Some("Measured again before going on"), 0);
            }
            (Stop::Tools, Some(tools)) => {
                let until = sitting.now.plus_millis(self.dice.minutes(4, 12));
                self.stretch(sitting, tools, until, None);
            }
            (Stop::Ordinary | Stop::Long | Stop::Tools, _) => {
                let reason = *self.dice.weighed(&self.places[place].stops);
                let long =
                    if matches!(kind, Stop::Long) { self.dice.minutes(10, 31) } else { self.dice.minutes(3, 10) };
                let until = sitting.now.plus_millis(long);
                // Whoever has no material may as well say that he waits for it.
                let for_material = self.places[place].stops.first().is_some_and(|(first, _)| *first == reason);
                let status = if for_material && self.dice.comes(300) { waiting } else { stop };
                let given = status == waiting || self.dice.comes(985);
                self.stretch(sitting, status, until, given.then_some(reason));
            }
        }
    }

    /// Adds a stretch from now until a moment, never past the session's end.
    pub(super) fn stretch(
        &mut self,
        sitting: &mut Sitting,
        status: StatusDefinitionId,
        until: Timestamp,
        reason: Option<ReasonId>,
    ) {
        // Whatever goes on for less than a second was not worth a tap.
        let until = until.max(sitting.now.plus_millis(1_000)).min(sitting.until);
        if until <= sitting.now {
            return;
        }
        let own = self.places[sitting.place].own_setup;
        if [Some(self.statuses.setup), Some(self.statuses.trial), own].contains(&Some(status)) {
            self.end_approval(sitting.place, sitting.now);
        }
        let place = &mut self.places[sitting.place];
        let facts = place.work.map(|work| self.orders.facts(work));
        place.left_in = Some(status);
        self.past.events.push(PastEvent {
            id: StatusEventId(self.dice.id(sitting.now)),
            session_id: sitting.id,
            status_definition_id: status,
            reason_id: reason,
            note: None,
            job_item_id: facts.map(|facts| facts.item_id),
            step_id: facts.map(|facts| facts.step_id),
            started_at: sitting.now,
            ended_at: until,
            epoch: sitting.epoch,
            version: 2 + u32::from(reason.is_some()),
        });
        sitting.changes += 1;
        sitting.now = until;
    }

    fn claim(&mut self, sitting: &Sitting, at: Timestamp) {
        if sitting.epoch > 1
            && let Some(before) = self.past.claims.last_mut()
        {
            before.until_at = Some(at);
        }
        let (instance_id, kiosk_id) = (InstanceId(self.dice.id(at)), self.places[sitting.place].kiosk);
        let (session_id, epoch) = (sitting.id, sitting.epoch);
        self.past.claims.push(PastClaim { session_id, epoch, instance_id, kiosk_id, from_at: at, until_at: None });
    }

    fn end(&mut self, sitting: &Sitting, sit: &Sit) {
        let place = &mut self.places[sitting.place];
        place.free_from = sitting.until;
        let facts = place.work.map(|work| self.orders.facts(work));
        let Some(last) = self.past.events.last() else { return };
        let status = match sit.end {
            CloseReason::Forced | CloseReason::Abandoned => SessionStatus::Aborted,
            CloseReason::Completed | CloseReason::Handover | CloseReason::Idle | CloseReason::Forgotten => {
                SessionStatus::Completed
            }
        };
        let was_lost = sit.end == CloseReason::Idle;
        self.past.sessions.push(PastSession {
            id: sitting.id,
            worker_id: plan::worker_id(sitting.worker),
            station_id: place.station,
            status,
            close_reason: sit.end,
            current_status_id: last.status_definition_id,
            last_status_change_at: last.started_at,
            started_at: sit.from,
            ended_at: sitting.until,
            contact: if was_lost { Contact::Lost } else { Contact::Online },
            last_contact_at: was_lost.then_some(sitting.until),
            total_good: sitting.good.unsigned_abs(),
            total_scrap: sitting.scrap.unsigned_abs(),
            malfunction_count: sitting.malfunctions,
            job_item_id: facts.map(|facts| facts.item_id),
            step_id: facts.map(|facts| facts.step_id),
            count_missing: sitting.missing,
            version: sitting.changes + 1,
        });
    }
}
