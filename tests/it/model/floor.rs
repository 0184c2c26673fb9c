//! The floor in memory: what must be so, by the rules.

use super::moves::Move;
use super::world::{ITEMS, STATIONS, WORKERS, World};
use millrace_tests::call::Answer;
use serde_json::Value;
use std::mem::replace;

/// Good and scrap.
type Pieces = (i64, i64);

/// Who owned a session before its takeover, since when, and the item in work at the end of it.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) kiosk: usize,
    pub(super) instance: String,
    pub(super) epoch: u64,
    pub(super) since: String,
    pub(super) bound: Option<(usize, usize)>,
}

/// A session that is open.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) worker: usize,
    pub(super) kiosk: usize,
    pub(super) instance: String,
    pub(super) epoch: u64,
    /// Since when this claim holds, by the server's clock.
    pub(super) since: String,
    /// The claim before: its actions are all tapped at its very beginning, so that its last stretch is the one that
    /// covers them.
    pub(super) before: Option<Claim>,
    pub(super) status: usize,
    pub(super) bound: Option<(usize, usize)>,
    pub(super) totals: Pieces,
    pub(super) missing: bool,
    pub(super) malfunctions: u64,
    produced: bool,
}

/// What was sent last by a kiosk, and what it was answered.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) path: String,
    pub(super) body: Value,
    pub(super) status: u16,
    pub(super) code: Option<String>,
}

/// The whole floor.
#[derive(Debug)]
pub(super) struct Floor {
    pub(super) sessions: Vec<Option<Session>>,
    /// Per item and step.
    pub(super) balances: Vec<[Pieces; 2]>,
    /// The highest number of each kiosk.
    pub(super) seq: Vec<u64>,
    pub(super) last: Vec<Option<Sent>>,
    producing: Vec<bool>,
}

/// The problems an action may be refused with; none: it has to be taken.
pub(super) type Expected = Vec<&'static str>;

impl Floor {
    pub(super) fn new(world: &World) -> Self {
        Self {
            sessions: vec![None; STATIONS],
            balances: vec![[(0, 0); 2]; ITEMS],
            seq: vec![0; STATIONS],
            last: vec![None; STATIONS],
            producing: world.statuses.iter().map(|status| status.produces).collect(),
        }
    }

    pub(super) fn is_open(&self, station: usize) -> bool {
        self.sessions[station].is_some()
    }

    fn of_worker(&self, worker: usize) -> bool {
        self.sessions.iter().flatten().any(|session| session.worker == worker)
    }

    fn produces(&self, station: usize) -> bool {
        self.sessions[station].as_ref().is_some_and(|session| self.producing[session.status])
    }

    /// What the rules say to a try.
    pub(super) fn expect(&self, chosen: &Move, world: &World) -> Expected {
        let mut against = vec![];
        let mut unless = |right: bool, code: &'static str| {
            if !right {
                against.push(code);
            }
        };
        match chosen {
            Move::Open { station, worker } => {
                unless(!self.of_worker(*worker), "SESSION_ALREADY_EXISTS");
                unless(!self.is_open(*station), "STATION_OCCUPIED");
            }
            Move::TakeOver { .. } => {}
            Move::HandOver { station, worker, pieces, unknown } => {
                let own = self.sessions[*station].as_ref().is_some_and(|session| session.worker == *worker);
                let here = self.sessions[*station].as_ref().is_some_and(|session| session.kiosk == *station);
                unless(here, "INSTANCE_MISMATCH");
                unless(!own, "INVALID_STATUS_TRANSITION");
                unless(own || !self.of_worker(*worker), "SESSION_ALREADY_EXISTS");
                unless(counts(pieces.as_ref(), world).is_ok(), "INVALID_QUANTITIES");
                unless(!(pieces.is_some() && *unknown), "INVALID_QUANTITIES");
                unless(!self.produces(*station) || pieces.is_some() || *unknown, "INVALID_QUANTITIES");
            }
            Move::Enter { station, status, pieces, report, reason, stale } => {
                let wanted = &world.statuses[*status];
                let kind = report.as_ref().and_then(|report| report["type"].as_str());
                match (&wanted.report, kind) {
                    (None, Some(_)) => unless(false, "INVALID_PAYLOAD"),
                    (Some(wanted), given) => unless(given == Some(wanted), "REPORT_REQUIRED"),
                    (None, None) => {}
                }
                unless(*reason || !wanted.reason_now, "REASON_REQUIRED");
                let bound = self.bound(*station, *stale);
                unless(!wanted.produces || bound.is_some(), "JOB_ITEM_REQUIRED");
                unless(counts(pieces.as_ref(), world).is_ok(), "INVALID_QUANTITIES");
                unless(report_is_right(report.as_ref(), world), "REASON_REQUIRED");
            }
            Move::Count { pieces, .. } => unless(counts(Some(pieces), world).is_ok(), "INVALID_QUANTITIES"),
            Move::Report { report, .. } => unless(report_is_right(Some(report), world), "REASON_REQUIRED"),
            Move::Bind { station, item, step, pieces } => {
                unless(world.station_of(*item, *step) == *station, "STEP_NOT_ALLOWED");
                unless(counts(pieces.as_ref(), world).is_ok(), "INVALID_QUANTITIES");
            }
            Move::Unbind { station } => unless(!self.produces(*station), "JOB_ITEM_REQUIRED"),
            Move::Complete { pieces, .. } => unless(counts(pieces.as_ref(), world).is_ok(), "INVALID_QUANTITIES"),
            Move::Abandon { station } => {
                let session = self.sessions[*station].as_ref();
                let nothing = session.is_none_or(|session| !session.produced && session.totals == (0, 0));
                unless(nothing, "INVALID_STATUS_TRANSITION");
            }
            Move::Again { station, other } => match &self.last[*station] {
                Some(_) if *other => unless(false, "SEQ_REUSED"),
                Some(Sent { code: Some(code), .. }) => unless(false, known(code)),
                Some(_) | None => {}
            },
        }
        against
    }

    /// The item an action counts for: a stale one for what was in work when its claim began.
    fn bound(&self, station: usize, stale: bool) -> Option<(usize, usize)> {
        let session = self.sessions[station].as_ref()?;
        match &session.before {
            Some(before) if stale => before.bound,
            _ => session.bound,
        }
    }

    /// Whether the answer is what the rules say.
    pub(super) fn compare(&self, expected: &Expected, answer: &Answer) -> Result<(), String> {
        let code = answer.body["code"].as_str();
        let taken = (200..300).contains(&answer.status);
        let right = if expected.is_empty() { taken } else { code.is_some_and(|code| expected.contains(&code)) };
        if right { Ok(()) } else { Err(format!("expected {expected:?}, got {} {}", answer.status, answer.body)) }
    }

    /// Follows what was taken.
    pub(super) fn did(&mut self, chosen: &Move, answer: &Answer) {
        if !(200..300).contains(&answer.status) {
            return;
        }
        let now = || answer.body["serverTime"].as_str().unwrap_or_default().to_owned();
        match chosen {
            Move::Open { station, worker } => self.begin(*station, *worker, &answer.body, None),
            Move::TakeOver { station, kiosk } => {
                let Some(session) = &mut self.sessions[*station] else { return };
                let epoch = answer.body["epoch"].as_u64().expect("an epoch");
                if epoch == session.epoch {
                    return;
                }
                let instance = answer.body["instance"].as_str().expect("put there by the world").to_owned();
                session.before = Some(Claim {
                    kiosk: replace(&mut session.kiosk, *kiosk),
                    instance: replace(&mut session.instance, instance),
                    epoch: replace(&mut session.epoch, epoch),
                    since: replace(&mut session.since, now()),
                    bound: session.bound,
                });
            }
            Move::HandOver { station, worker, pieces, .. } => {
                let Some(session) = self.sessions[*station].take() else { return };
                self.count(session.bound, pieces.as_ref());
                self.begin(*station, *worker, &answer.body, Some(&session));
            }
            Move::Enter { station, status, pieces, report, stale, .. } => {
                let late = *stale && self.sessions[*station].as_ref().is_some_and(|session| session.before.is_some());
                let bound = self.bound(*station, *stale);
                self.count(bound, pieces.as_ref());
                let leaves = self.produces(*station) && !self.producing[*status];
                let begins = self.producing[*status];
                let Some(session) = &mut self.sessions[*station] else { return };
                session.add(pieces.as_ref());
                session.reported(report.as_ref());
                if !late {
                    session.status = *status;
                    session.missing |= leaves && pieces.is_none();
                }
                session.produced |= begins;
            }
            Move::Count { station, pieces, stale } => {
                let bound = self.bound(*station, *stale);
                self.count(bound, Some(pieces));
                if let Some(session) = &mut self.sessions[*station] {
                    session.add(Some(pieces));
                }
            }
            Move::Report { station, report } => {
                if let Some(session) = &mut self.sessions[*station] {
                    session.reported(Some(report));
                }
            }
            Move::Bind { station, item, step, pieces } => {
                let produces = self.produces(*station);
                let before = self.sessions[*station].as_ref().and_then(|session| session.bound);
                self.count(before, pieces.as_ref());
                let Some(session) = &mut self.sessions[*station] else { return };
                session.add(pieces.as_ref());
                session.missing |= produces && pieces.is_none() && before != Some((*item, *step));
                session.bound = Some((*item, *step));
            }
            Move::Unbind { station } => {
                if let Some(session) = &mut self.sessions[*station] {
                    session.bound = None;
                }
            }
            Move::Complete { station, pieces } => {
                if let Some(session) = self.sessions[*station].take() {
                    self.count(session.bound, pieces.as_ref());
                }
            }
            Move::Abandon { station } => self.sessions[*station] = None,
            Move::Again { .. } => {}
        }
    }

    fn begin(&mut self, station: usize, worker: usize, claimed: &Value, after: Option<&Session>) {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let bound = after.and_then(|after| after.bound);
        self.sessions[station] = Some(Session {
            id: text(&claimed["session"]["id"]),
            worker,
            kiosk: station,
            instance: text(&claimed["instance"]),
            epoch: 1,
            since: text(&claimed["serverTime"]),
            before: None,
            status: after.map_or(World::STOP, |after| after.status),
            bound,
            totals: (0, 0),
            missing: false,
            malfunctions: 0,
            produced: after.is_some_and(|after| self.producing[after.status]),
        });
    }

    fn count(&mut self, bound: Option<(usize, usize)>, pieces: Option<&Value>) {
        if let (Some((item, step)), Some(pieces)) = (bound, pieces) {
            let (good, scrap) = number_of(pieces);
            self.balances[item][step].0 += good;
            self.balances[item][step].1 += scrap;
        }
    }
}

impl Session {
    fn add(&mut self, pieces: Option<&Value>) {
        if let Some(pieces) = pieces {
            let (good, scrap) = number_of(pieces);
            self.totals = (self.totals.0 + good, self.totals.1 + scrap);
            self.missing = false;
        }
    }

    fn reported(&mut self, report: Option<&Value>) {
        self.malfunctions += u64::from(report.is_some_and(|report| report["type"] == "malfunction"));
    }
}

fn number_of(pieces: &Value) -> Pieces {
    let scrap = pieces["scrap"].as_i64().unwrap_or(0);
    let counter = &pieces["counter"];
    let read = || counter["end"].as_i64().unwrap_or(0) - counter["start"].as_i64().unwrap_or(0) - scrap;
    (pieces["good"].as_i64().unwrap_or_else(read), scrap)
}

/// A count by the rules: integers from 0, scrap with a reason of its kind or a note.
fn counts(pieces: Option<&Value>, world: &World) -> Result<(), ()> {
    let Some(pieces) = pieces else { return Ok(()) };
    let (good, scrap) = number_of(pieces);
    let whole = pieces["good"].is_null() || pieces["good"].is_i64();
    let reason = pieces["scrapReasonId"].as_str();
    let right_reason = reason.is_none_or(|reason| reason == world.scrap_reason);
    let said = scrap == 0 || reason.is_some() || pieces["note"].is_string();
    if whole && good >= 0 && right_reason && said { Ok(()) } else { Err(()) }
}

fn report_is_right(report: Option<&Value>, world: &World) -> bool {
    report.is_none_or(|report| report["reasonId"] != world.stop_reason.as_str())
}

/// The codes of the rules, as they live as long as the program.
fn known(code: &str) -> &'static str {
    const CODES: [&str; 8] = [
        "INVALID_QUANTITIES",
        "JOB_ITEM_REQUIRED",
        "STEP_NOT_ALLOWED",
        "REPORT_REQUIRED",
        "REASON_REQUIRED",
        "INVALID_STATUS_TRANSITION",
        "INVALID_PAYLOAD",
        "STATUS_NOT_ALLOWED",
    ];
    CODES.into_iter().find(|known| *known == code).unwrap_or_else(|| panic!("{code} is no rule of the trade"))
}

/// So that a poor choice of numbers is seen at once.
const _: () = assert!(WORKERS > STATIONS && ITEMS == STATIONS);
