//! The floor in memory: what must be so, by the rules.

use super::moves::Move;
use super::world::{ITEMS, STATIONS, WORKERS, World};
use millrace_protocol::time::Timestamp;
use millrace_tests::call::Answer;
use serde_json::Value;
use std::mem::replace;

/// Good and scrap.
type Pieces = (i64, i64);

/// Who owned a session before its takeover, the last moment of that, and what it was in then.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) kiosk: usize,
    pub(super) instance: String,
    pub(super) epoch: u64,
    pub(super) last: Timestamp,
    pub(super) bound: Option<(usize, usize)>,
    status: usize,
    pub(super) event: Option<String>,
}

/// The count that a session made last.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) entry: String,
    bound: Option<(usize, usize)>,
    now: Pieces,
}

/// Where the approval of a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Needed,
    Pending,
    Approved,
}

/// A session that is open.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) worker: usize,
    pub(super) kiosk: usize,
    pub(super) instance: String,
    pub(super) epoch: u64,
    /// The claim before: its actions are all tapped at its very end, so that its last stretch is the one that covers
    /// them.
    pub(super) before: Option<Claim>,
    pub(super) status: usize,
    pub(super) bound: Option<(usize, usize)>,
    pub(super) totals: Pieces,
    /// What was left without a count; not known any more once a former owner had his say at one and the same moment.
    uncounted: Option<Vec<(usize, usize)>>,
    pub(super) malfunctions: u64,
    /// The stretch it is in, where an answer has told its id.
    pub(super) event: Option<String>,
    pub(super) counted: Option<Counted>,
    produced: bool,
}

/// The last change of status, count or report of a session, and all that it changed, as it was.
#[derive(Debug, Clone)]
pub(super) struct Undoable {
    pub(super) seq: u64,
    turn: u64,
    session: Session,
    balance: Option<((usize, usize), Pieces)>,
    approval: Option<Asked>,
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
    setting_up: Vec<bool>,
    /// Of the first step of each item, where it asks.
    pub(super) approvals: Vec<Option<Asked>>,
    pub(super) undoable: Vec<Option<Undoable>>,
    /// By item.
    closed_short: Vec<bool>,
    /// How many tries there were.
    pub(super) turn: u64,
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
            setting_up: world.statuses.iter().map(|status| status.key == "setup").collect(),
            approvals: (0..ITEMS).map(|item| world.asks(item, 0).then_some(Asked::Needed)).collect(),
            undoable: vec![None; STATIONS],
            closed_short: vec![false; ITEMS],
            turn: 0,
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
                unless(world.may_work(*worker, *station), "STATION_NOT_ALLOWED");
            }
            Move::TakeOver { .. } => {}
            Move::HandOver { station, worker, pieces, unknown } => {
                let own = self.sessions[*station].as_ref().is_some_and(|session| session.worker == *worker);
                let here = self.sessions[*station].as_ref().is_some_and(|session| session.kiosk == *station);
                unless(here, "INSTANCE_MISMATCH");
                unless(!own, "INVALID_STATUS_TRANSITION");
                unless(own || !self.of_worker(*worker), "SESSION_ALREADY_EXISTS");
                unless(world.may_work(*worker, *station), "STATION_NOT_ALLOWED");
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
                unless(!wanted.produces || self.is_approved(bound), "APPROVAL_REQUIRED");
                unless(!wanted.produces || bound.is_none_or(|(item, _)| !self.closed_short[item]), "STEP_NOT_ALLOWED");
                unless(counts(pieces.as_ref(), world).is_ok(), "INVALID_QUANTITIES");
                unless(report_is_right(report.as_ref(), world), "REASON_REQUIRED");
            }
            Move::Count { pieces, .. } => unless(counts(Some(pieces), world).is_ok(), "INVALID_QUANTITIES"),
            Move::Explain { right, .. } => unless(*right, "REASON_REQUIRED"),
            Move::Correct { station, good, scrap, noted } => {
                let counted = self.sessions[*station].as_ref().and_then(|session| session.counted.as_ref());
                let now = counted.map_or((0, 0), |counted| counted.now);
                unless(now != (*good, *scrap), "INVALID_STATUS_TRANSITION");
                unless(now.1 > 0 || *scrap == 0 || *noted, "INVALID_QUANTITIES");
            }
            Move::Ask { station } => {
                let bound = self.bound(*station, false);
                unless(bound.is_some(), "JOB_ITEM_REQUIRED");
                let asked = bound.map(|bound| self.asked(bound));
                unless(!matches!(asked, Some(None | Some(Asked::Approved))), "INVALID_STATUS_TRANSITION");
            }
            Move::Decide { .. } | Move::Force { .. } | Move::Undo { .. } => {}
            Move::Shorten { item, close: true } => {
                let works = |session: &Session| session.bound.is_some_and(|(bound, _)| bound == *item);
                unless(!self.closed_short[*item], "INVALID_STATUS_TRANSITION");
                unless(self.balances[*item][1].0 < World::PLANNED, "INVALID_STATUS_TRANSITION");
                unless(!self.sessions.iter().flatten().any(works), "IN_USE");
            }
            Move::Shorten { item, close: false } => unless(self.closed_short[*item], "INVALID_STATUS_TRANSITION"),
            Move::Report { report, .. } => unless(report_is_right(Some(report), world), "REASON_REQUIRED"),
            Move::Bind { station, item, step, pieces, stale } => {
                unless(world.station_of(*item, *step) == *station, "STEP_NOT_ALLOWED");
                unless(!self.closed_short[*item], "STEP_NOT_ALLOWED");
                let produces = self.producing_then(*station, *stale);
                unless(!produces || self.is_approved(Some((*item, *step))), "APPROVAL_REQUIRED");
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

    fn asked(&self, (item, step): (usize, usize)) -> Option<Asked> {
        if step == 0 { self.approvals[item] } else { None }
    }

    fn is_approved(&self, bound: Option<(usize, usize)>) -> bool {
        bound.and_then(|bound| self.asked(bound)).is_none_or(|asked| asked == Asked::Approved)
    }

    /// Whether the machine produces, for a stale action at the end of the claim before.
    fn producing_then(&self, station: usize, stale: bool) -> bool {
        let Some(session) = &self.sessions[station] else { return false };
        match &session.before {
            Some(before) if stale => self.producing[before.status],
            _ => self.producing[session.status],
        }
    }

    /// Whether a stale action at this station would be judged by approvals as they were then: too much for this model.
    pub(super) fn is_simple(&self, chosen: &Move) -> bool {
        match chosen {
            Move::Enter { station, stale: true, .. } => {
                self.bound(*station, true).is_none_or(|bound| self.asked(bound).is_none())
            }
            Move::Bind { station, item, step, stale: true, .. } => {
                let before = self.bound(*station, true).is_none_or(|bound| self.asked(bound).is_none());
                before && self.asked((*item, *step)).is_none()
            }
            Move::Explain { station, stale, .. } => self.sessions[*station].as_ref().is_some_and(|session| {
                let before = session.before.as_ref().filter(|_| *stale);
                before.map_or(session.event.is_some(), |before| before.event.is_some())
            }),
            Move::Correct { station, .. } => {
                self.sessions[*station].as_ref().is_some_and(|session| session.counted.is_some())
            }
            // Nothing was sent since, and ten seconds are not over.
            Move::Undo { station } => match (&self.sessions[*station], &self.undoable[*station]) {
                (Some(session), Some(last)) => last.seq == self.seq[session.kiosk] && self.turn - last.turn <= 8,
                _ => false,
            },
            Move::Decide { station, .. } => self.approvals[*station] == Some(Asked::Pending),
            _ => true,
        }
    }

    /// What a session had asked for and not got goes with it.
    fn withdraw(&mut self, session: &Session) {
        // The first step of item `n` is at station `n`, and there is one session at a time.
        let station = self.sessions.iter().position(|open| open.as_ref().is_some_and(|open| open.id == session.id));
        if let Some(asked) = station.and_then(|station| self.approvals[station].as_mut())
            && *asked == Asked::Pending
        {
            *asked = Asked::Needed;
        }
    }

    /// A session is over.
    fn ends(&mut self, station: usize) -> Option<Session> {
        let session = self.sessions[station].clone()?;
        self.withdraw(&session);
        self.sessions[station].take()
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
        self.remember(chosen);
        let now = || answer.body["serverTime"].as_str().unwrap_or_default().to_owned();
        match chosen {
            Move::Open { station, worker } => self.begin(*station, *worker, &answer.body, None),
            Move::TakeOver { station, kiosk } => {
                let last = serde_json::from_value::<Timestamp>(now().into()).expect("a moment").plus_millis(-1);
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
                    last,
                    bound: session.bound,
                    status: session.status,
                    // The takeover cut it: what goes on has another id.
                    event: session.event.take(),
                });
            }
            Move::HandOver { station, worker, pieces, .. } => {
                let Some(session) = self.ends(*station) else { return };
                self.count(session.bound, pieces.as_ref());
                self.begin(*station, *worker, &answer.body, Some(&session));
            }
            Move::Enter { station, status, pieces, report, stale, .. } => {
                let late = *stale && self.sessions[*station].as_ref().is_some_and(|session| session.before.is_some());
                let bound = self.bound(*station, *stale);
                self.count(bound, pieces.as_ref());
                let leaves = self.producing_then(*station, *stale) && !self.producing[*status];
                let begins = self.producing[*status];
                if self.setting_up[*status] && !late {
                    // A setup ends what holds at its station.
                    if let Some(asked) = self.approvals[*station].as_mut()
                        && *asked == Asked::Approved
                    {
                        *asked = Asked::Needed;
                    }
                }
                let event = answer.body["statusEvent"]["id"].as_str().map(str::to_owned);
                let Some(session) = &mut self.sessions[*station] else { return };
                session.add(pieces.as_ref(), bound, late, &answer.body);
                session.reported(report.as_ref());
                if leaves && pieces.is_none() {
                    session.left(bound, late);
                }
                match session.before.as_mut().filter(|_| late) {
                    Some(before) => (before.status, before.event) = (*status, event),
                    None => (session.status, session.event) = (*status, event),
                }
                session.produced |= begins;
            }
            Move::Count { station, pieces, stale } => {
                let bound = self.bound(*station, *stale);
                self.count(bound, Some(pieces));
                if let Some(session) = &mut self.sessions[*station] {
                    let late = *stale && session.before.is_some();
                    session.add(Some(pieces), bound, late, &answer.body);
                }
            }
            Move::Explain { .. } => {}
            Move::Correct { station, good, scrap, .. } => {
                let Some(session) = &mut self.sessions[*station] else { return };
                let Some(counted) = &mut session.counted else { return };
                let (more_good, more_scrap) = (good - counted.now.0, scrap - counted.now.1);
                counted.now = (*good, *scrap);
                session.totals = (session.totals.0 + more_good, session.totals.1 + more_scrap);
                if let Some((item, step)) = counted.bound {
                    let balance = &mut self.balances[item][step];
                    *balance = (balance.0 + more_good, balance.1 + more_scrap);
                }
            }
            Move::Ask { station } => {
                if let Some((item, 0)) = self.bound(*station, false)
                    && let Some(asked) = &mut self.approvals[item]
                {
                    *asked = Asked::Pending;
                }
            }
            Move::Decide { station, approve } => {
                self.approvals[*station] = Some(if *approve { Asked::Approved } else { Asked::Needed });
            }
            Move::Force { station } => drop(self.ends(*station)),
            Move::Undo { station } => {
                let Some(Undoable { session, balance, approval, .. }) = self.undoable[*station].take() else { return };
                self.sessions[*station] = Some(session);
                self.approvals[*station] = approval;
                if let Some(((item, step), pieces)) = balance {
                    self.balances[item][step] = pieces;
                }
            }
            Move::Shorten { item, close } => self.closed_short[*item] = *close,
            Move::Report { station, report, .. } => {
                if let Some(session) = &mut self.sessions[*station] {
                    session.reported(Some(report));
                }
            }
            Move::Bind { station, item, step, pieces, stale } => {
                let produces = self.producing_then(*station, *stale);
                let before = self.bound(*station, *stale);
                self.count(before, pieces.as_ref());
                let (now, event) = (Some((*item, *step)), answer.body["statusEvent"]["id"].as_str().map(str::to_owned));
                let Some(session) = &mut self.sessions[*station] else { return };
                let late = *stale && session.before.is_some();
                session.add(pieces.as_ref(), before, late, &answer.body);
                if produces && pieces.is_none() && before != now {
                    session.left(before, late);
                }
                match session.before.as_mut().filter(|_| late) {
                    Some(claim) => (claim.bound, claim.event) = (now, event),
                    None => (session.bound, session.event) = (now, event),
                }
            }
            Move::Unbind { station } => {
                if let Some(session) = &mut self.sessions[*station] {
                    session.bound = None;
                    session.event = answer.body["statusEvent"]["id"].as_str().map(str::to_owned);
                }
            }
            Move::Complete { station, pieces } => {
                if let Some(session) = self.ends(*station) {
                    self.count(session.bound, pieces.as_ref());
                }
            }
            Move::Abandon { station } => drop(self.ends(*station)),
            Move::Again { .. } => {}
        }
    }

    /// What a change of status, a count or a report is about to change; whatever else happens there, there is nothing
    /// left to take back.
    fn remember(&mut self, chosen: &Move) {
        let (station, stale) = match chosen {
            Move::Enter { station, stale, .. }
            | Move::Count { station, stale, .. }
            | Move::Report { station, stale, .. } => (*station, *stale),
            Move::Open { station, .. }
            | Move::TakeOver { station, .. }
            | Move::HandOver { station, .. }
            | Move::Bind { station, .. }
            | Move::Explain { station, .. }
            | Move::Correct { station, .. }
            | Move::Ask { station }
            | Move::Decide { station, .. }
            | Move::Force { station }
            | Move::Unbind { station }
            | Move::Complete { station, .. }
            | Move::Abandon { station } => return self.undoable[*station] = None,
            Move::Undo { .. } | Move::Shorten { .. } | Move::Again { .. } => return,
        };
        let Some(session) = &self.sessions[station] else { return };
        self.undoable[station] = (!stale || session.before.is_none()).then(|| Undoable {
            seq: self.seq[session.kiosk],
            turn: self.turn,
            session: session.clone(),
            balance: session.bound.map(|(item, step)| ((item, step), self.balances[item][step])),
            approval: self.approvals[station],
        });
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
            before: None,
            status: after.map_or(World::STOP, |after| after.status),
            bound,
            totals: (0, 0),
            uncounted: Some(vec![]),
            malfunctions: 0,
            event: None,
            counted: None,
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
    /// Pieces of an item. A count settles what was left of the same item before.
    fn add(&mut self, pieces: Option<&Value>, bound: Option<(usize, usize)>, late: bool, answer: &Value) {
        let Some(pieces) = pieces else { return };
        let (good, scrap) = number_of(pieces);
        self.totals = (self.totals.0 + good, self.totals.1 + scrap);
        match &mut self.uncounted {
            Some(uncounted) if late && uncounted.is_empty() => {}
            Some(_) if late => self.uncounted = None,
            Some(uncounted) => uncounted.retain(|left| Some(*left) != bound),
            None => {}
        }
        if let Some(entry) = answer["entry"]["id"].as_str() {
            self.counted = Some(Counted { entry: entry.to_owned(), bound, now: (good, scrap) });
        }
    }

    /// Production of an item was left without a count.
    fn left(&mut self, bound: Option<(usize, usize)>, late: bool) {
        match &mut self.uncounted {
            Some(uncounted) if !late => uncounted.extend(bound),
            _ => self.uncounted = None,
        }
    }

    /// Whether a count is missing, where that is known.
    pub(super) fn missing(&self) -> Option<bool> {
        self.uncounted.as_ref().map(|uncounted| !uncounted.is_empty())
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
    const CODES: [&str; 9] = [
        "APPROVAL_REQUIRED",
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
