//! The floor in memory, written from the rules: one worker, one station, three kiosks with their outboxes, one server.

use super::clock::BEGINNING;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest_state_machine::ReferenceStateMachine;
use std::collections::BTreeMap;

/// Kiosks.
pub const KIOSKS: usize = 3;
/// Between two steps passes at least this long, in milliseconds, so that no two happen at once.
pub const STEP: i64 = 10;
/// Without contact for so long a session is closed.
const IDLE: i64 = 300_000;
/// A watch that did not look for longer knows nothing of contacts.
const BLIND: i64 = 60_000;
/// The wall clock ran so far ahead that somebody set it.
const AHEAD: i64 = 5_000;

/// What happens next.
#[derive(Debug, Clone)]
pub enum Step {
    /// The worker taps: another status, or the end.
    Tap {
        kiosk: usize,
        ends: bool,
    },
    /// The kiosk's cable is out, or in again.
    Cut(usize),
    Restore(usize),
    /// The front of the outbox is sent and answered.
    Deliver(usize),
    /// The same, and the answer is lost.
    LoseAnswer(usize),
    /// The second entry arrives before the first; its answer is lost.
    Overtake(usize),
    /// Bytes that arrived once arrive once more.
    Again(Index),
    /// A heartbeat.
    Beat(usize),
    /// The worker goes on at this kiosk: takes over what is open, or opens.
    Claim(usize),
    /// He goes on with what was closed for want of contact.
    Continue(usize),
    /// Time passes, with the watch looking every few seconds.
    Pass(i64),
    /// Time passes in one go, as while the server was away; then the watch looks.
    Away(i64),
    /// The server's wall clock is set; then the watch looks.
    Jump(i64),
    /// The kiosk's idea of the server's time is off by so much from now on.
    Skew(usize, i64),
    RestartServer,
    RestartKiosk(usize),
    /// An image of the kiosk's disk is made, or put back.
    Backup(usize),
    RestoreDisk(usize),
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Applied,
    Late,
    Quarantined,
}

/// What the server has to say to what arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    First(Fate),
    Repeat(Fate),
    Reused { last_seq: u64 },
}

/// One tap that was shown as saved.
#[derive(Debug, Clone)]
pub struct Tap {
    pub kiosk: usize,
    pub claim: Claim,
    pub occurred_at: i64,
    pub ends: bool,
    /// Its kiosk's disk was put back to before it: nobody can bring it any more.
    pub gone: bool,
    pub fate: Option<Fate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub session: usize,
    pub epoch: u32,
    pub instance: u8,
}

/// What is on a kiosk's disk.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub claim: Option<Claim>,
    /// Taps with their numbers.
    pub waiting: Vec<(usize, u64)>,
    pub last: u64,
}

#[derive(Debug, Clone, Default)]
pub struct Kiosk {
    pub offline: bool,
    pub disk: Disk,
    pub backup: Option<Disk>,
    pub skew: i64,
    pub last_seq: u64,
    /// The claim of its last heartbeat.
    pub beaten: Option<Claim>,
}

#[derive(Debug, Clone)]
pub struct Span {
    pub kiosk: usize,
    pub instance: u8,
    from: i64,
    until: Option<i64>,
    /// Event time of its latest action.
    acted: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Session {
    /// Claims; the epoch is the place, from 1.
    pub spans: Vec<Span>,
    pub active: bool,
    started: i64,
    /// When it ended.
    pub ended: Option<i64>,
    /// It was closed for want of contact, and nobody has said yet when it had really ended.
    pub provisional: bool,
    /// When the last stretch began.
    pub stretch: i64,
    /// How many stretches there are.
    pub stretches: i64,
    last_seen: i64,
}

impl Session {
    pub fn epoch(&self) -> u32 {
        u32::try_from(self.spans.len()).unwrap()
    }

    fn close(&mut self, at: i64, provisional: bool) {
        (self.active, self.provisional) = (false, provisional);
        self.ended = Some(at.max(self.stretch));
    }

    /// From its last contact to then nobody knows what was: a stretch of its own, and one that goes on after it.
    fn bridge(&mut self, known_from: i64) -> bool {
        let unknown = self.ended.is_some_and(|lost| known_from > lost);
        if unknown {
            self.stretches += 2;
            self.stretch = known_from;
        }
        unknown
    }

    /// It comes back.
    fn reopen(&mut self, now: i64) {
        (self.active, self.provisional, self.ended) = (true, false, None);
        self.last_seen = now;
    }

    /// Its end was elsewhere; with `confirmed` for good.
    fn move_end(&mut self, at: i64, confirmed: bool) {
        let at = at.max(self.stretch);
        if self.ended.is_some_and(|ended| at > ended) {
            self.bridge(at);
        }
        self.ended = Some(at);
        self.provisional &= !confirmed;
    }
}

#[derive(Debug, Clone)]
pub struct Model {
    pub now: i64,
    listening_since: i64,
    last_watch: i64,
    pub sessions: Vec<Session>,
    pub instances: u8,
    pub kiosks: [Kiosk; KIOSKS],
    pub taps: Vec<Tap>,
    /// What was answered under each number of each kiosk.
    pub answers: BTreeMap<(usize, u64), (usize, Fate)>,
    /// What arrived and was answered by more than that its number is taken.
    pub arrived: Vec<(usize, u64)>,
    /// What the server says to what has just arrived.
    pub said: Option<Said>,
    /// Whether the last heartbeat was the owner's.
    pub heard: bool,
}

impl Model {
    pub fn active(&self) -> Option<usize> {
        self.sessions.iter().position(|session| session.active)
    }

    /// Whether this claim owns what is open.
    fn owns(&self, kiosk: usize, claim: Claim) -> bool {
        let session = &self.sessions[claim.session];
        let Some(span) = session.spans.last() else { return false };
        session.active && session.epoch() == claim.epoch && span.kiosk == kiosk && span.instance == claim.instance
    }

    fn arrives(&mut self, kiosk: usize, tap: usize, seq: u64) -> Said {
        if let Some((known, fate)) = self.answers.get(&(kiosk, seq)) {
            return if *known == tap {
                Said::Repeat(*fate)
            } else {
                Said::Reused { last_seq: self.kiosks[kiosk].last_seq }
            };
        }
        let Tap { claim, occurred_at, ends, .. } = self.taps[tap].clone();
        let (now, owns, superseded) = (self.now, self.owns(kiosk, claim), self.superseded(claim.session));
        let session = &mut self.sessions[claim.session];
        let is_last = session.epoch() == claim.epoch;
        let span = session.spans.get_mut(claim.epoch as usize - 1);
        let span = span.filter(|span| span.kiosk == kiosk && span.instance == claim.instance);
        let fate = match span {
            None => Fate::Quarantined,
            Some(span) => {
                let at = occurred_at.min(now).max(span.from).max(span.acted.unwrap_or(i64::MIN));
                let acted = Some(span.acted.unwrap_or(i64::MIN).max(occurred_at.min(now)));
                let end = if session.provisional { superseded } else { session.ended };
                let until = span.until.or(end);
                let returns = is_last && session.provisional && superseded.is_none();
                if owns || returns {
                    span.acted = acted;
                    if returns {
                        session.bridge(at);
                        session.reopen(now);
                    }
                    session.last_seen = session.last_seen.max(now);
                    if ends {
                        session.close(at, false);
                    } else {
                        session.stretch = session.stretch.max(at);
                        session.stretches += 1;
                    }
                    Fate::Applied
                } else if until.is_some_and(|until| span.from <= occurred_at && occurred_at < until) {
                    let at = if until.is_some_and(|until| at < until) { at } else { occurred_at };
                    span.acted = acted;
                    if session.provisional && session.ended.is_some_and(|ended| at >= ended) {
                        session.move_end(at, false);
                    }
                    if !ends {
                        session.stretches += 1;
                        // Behind the last stretch's beginning it is the last one now.
                        if is_last {
                            session.stretch = session.stretch.max(at);
                        }
                    } else if is_last && session.provisional {
                        session.move_end(at, true);
                    }
                    Fate::Late
                } else {
                    Fate::Quarantined
                }
            }
        };
        assert!(self.taps[tap].fate.is_none(), "tap {tap} had an end already");
        self.answers.insert((kiosk, seq), (tap, fate));
        self.kiosks[kiosk].last_seq = self.kiosks[kiosk].last_seq.max(seq);
        self.arrived.push((kiosk, seq));
        self.taps[tap].fate = Some(fate);
        Said::First(fate)
    }

    /// What the outbox does with an answer to its front.
    fn answered(&mut self, kiosk: usize, said: Said) {
        let disk = &mut self.kiosks[kiosk].disk;
        let (tap, seq) = disk.waiting[0];
        let Said::Reused { last_seq } = said else {
            disk.waiting.remove(0);
            // Its session has ended with it: there is nothing left to own.
            let own = disk.claim == Some(self.taps[tap].claim);
            let applied = matches!(said, Said::First(Fate::Applied) | Said::Repeat(Fate::Applied));
            if own && applied && self.taps[tap].ends {
                disk.claim = None;
            }
            return;
        };
        disk.last = disk.last.max(last_seq).max(seq);
        for (_, seq) in &mut disk.waiting {
            disk.last += 1;
            *seq = disk.last;
        }
    }

    fn watch(&mut self, ran_ahead: i64) {
        let blind = self.now - self.last_watch > BLIND || ran_ahead > AHEAD;
        self.listening_since = if blind { self.now } else { self.listening_since.min(self.now) };
        self.last_watch = self.now;
        let (since, now) = (self.listening_since, self.now);
        if let Some(active) = self.active() {
            let session = &mut self.sessions[active];
            if now - session.last_seen.max(since) >= IDLE {
                session.close(session.last_seen, true);
            }
        }
    }

    /// When a later session began beside which a provisionally closed one can't come back.
    fn superseded(&self, session: usize) -> Option<i64> {
        let ended = self.sessions[session].ended.filter(|_| self.sessions[session].provisional)?;
        let others = self.sessions.iter().enumerate().filter(|(other, _)| *other != session).map(|(_, other)| other);
        let beside = others.filter(|other| other.active || other.ended > Some(ended) || other.started >= ended);
        beside.map(|other| other.started).min()
    }

    /// The session that could come back.
    fn recoverable(&self) -> Option<usize> {
        let all = self.sessions.iter().enumerate().rev();
        let mut provisional = all.filter(|(_, session)| session.provisional).map(|(number, _)| number);
        provisional.find(|session| self.superseded(*session).is_none())
    }

    /// A new instance claims: what comes back, what is open, or what it opens.
    fn claim(&mut self, kiosk: usize, returning: Option<usize>) {
        let (now, instance) = (self.now, self.instances);
        self.instances += 1;
        let index = returning.or(self.active()).unwrap_or_else(|| {
            self.sessions.push(Session {
                spans: vec![],
                active: true,
                started: now,
                ended: None,
                provisional: false,
                stretch: now,
                stretches: 0,
                last_seen: now,
            });
            self.sessions.len() - 1
        });
        let session = &mut self.sessions[index];
        let lost = session.ended;
        let from = match lost {
            // At once after its last contact, by a clock that was set back.
            Some(ended) if !session.bridge(now) => {
                session.stretches += 1;
                ended
            }
            Some(_) => session.stretch,
            None => {
                session.stretches += 1;
                now.max(session.stretch)
            }
        };
        session.reopen(now);
        if let Some(before) = session.spans.last_mut() {
            before.until = Some(from);
        }
        session.spans.push(Span { kiosk, instance, from, until: None, acted: None });
        (session.stretch, session.last_seen) = (from, now);
        self.kiosks[kiosk].disk.claim = Some(Claim { session: index, epoch: session.epoch(), instance });
    }

    /// Whether no number of what waits on a disk was used for something else: an image made then is sound.
    fn is_sound(&self, kiosk: usize) -> bool {
        let waiting = &self.kiosks[kiosk].disk.waiting;
        waiting.iter().all(|(tap, seq)| self.answers.get(&(kiosk, *seq)).is_none_or(|(known, _)| known == tap))
    }
}

pub struct Reference;

impl ReferenceStateMachine for Reference {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model {
            now: BEGINNING,
            listening_since: BEGINNING,
            last_watch: BEGINNING,
            sessions: vec![],
            instances: 1,
            kiosks: Default::default(),
            taps: vec![],
            answers: BTreeMap::new(),
            arrived: vec![],
            said: None,
            heard: false,
        })
        .boxed()
    }

    fn transitions(_: &Model) -> BoxedStrategy<Step> {
        let kiosk = || 0..KIOSKS;
        let times = || prop::sample::select(vec![1_000, 20_000, 45_000, 130_000, 290_000, 400_000]);
        prop_oneof![
            12 => (kiosk(), prop::bool::weighted(0.08)).prop_map(|(kiosk, ends)| Step::Tap { kiosk, ends }),
            10 => kiosk().prop_map(Step::Deliver),
            3 => kiosk().prop_map(Step::LoseAnswer),
            3 => kiosk().prop_map(Step::Overtake),
            3 => any::<Index>().prop_map(Step::Again),
            4 => kiosk().prop_map(Step::Beat),
            4 => kiosk().prop_map(Step::Claim),
            2 => kiosk().prop_map(Step::Continue),
            3 => kiosk().prop_map(Step::Cut),
            3 => kiosk().prop_map(Step::Restore),
            4 => times().prop_map(Step::Pass),
            1 => times().prop_map(Step::Away),
            1 => prop::sample::select(vec![-420_000, -40_000, -3_000, 3_000, 40_000, 420_000]).prop_map(Step::Jump),
            1 => (kiosk(), prop::sample::select(vec![-600_000, -30_000, -500, 0, 500, 30_000, 600_000]))
                .prop_map(|(kiosk, by)| Step::Skew(kiosk, by)),
            1 => Just(Step::RestartServer),
            1 => kiosk().prop_map(Step::RestartKiosk),
            2 => kiosk().prop_map(Step::Backup),
            2 => kiosk().prop_map(Step::RestoreDisk),
        ]
        .boxed()
    }

    fn preconditions(model: &Model, step: &Step) -> bool {
        let kiosk = |kiosk: &usize| &model.kiosks[*kiosk];
        let waits = |number: &usize, least: usize| !kiosk(number).offline && kiosk(number).disk.waiting.len() >= least;
        match step {
            Step::Tap { kiosk: number, .. } => kiosk(number).disk.claim.is_some(),
            Step::Deliver(number) | Step::LoseAnswer(number) => waits(number, 1),
            // The sender never does this; where a number has to be given up it would be a second effect.
            Step::Overtake(number) => waits(number, 2) && model.is_sound(*number),
            Step::Again(_) => !model.arrived.is_empty(),
            Step::Beat(number) => !kiosk(number).offline && kiosk(number).disk.claim.is_some(),
            Step::Claim(number) => !kiosk(number).offline && model.instances < u8::MAX,
            Step::Continue(number) => !kiosk(number).offline && model.recoverable().is_some(),
            Step::Cut(number) => !kiosk(number).offline,
            Step::Restore(number) => kiosk(number).offline,
            Step::Backup(number) => model.is_sound(*number),
            Step::RestoreDisk(number) => kiosk(number).backup.is_some(),
            Step::Pass(_)
            | Step::Away(_)
            | Step::Jump(_)
            | Step::Skew(..)
            | Step::RestartServer
            | Step::RestartKiosk(_) => true,
        }
    }

    fn apply(mut model: Model, step: &Step) -> Model {
        model.now += STEP;
        model.said = None;
        match step {
            Step::Tap { kiosk, ends } => {
                let own = &mut model.kiosks[*kiosk];
                let Some(claim) = own.disk.claim else { return model };
                own.disk.last += 1;
                own.disk.waiting.push((model.taps.len(), own.disk.last));
                let occurred_at = model.now + own.skew;
                model.taps.push(Tap { kiosk: *kiosk, claim, occurred_at, ends: *ends, gone: false, fate: None });
            }
            Step::Deliver(kiosk) => {
                let (tap, seq) = model.kiosks[*kiosk].disk.waiting[0];
                let said = model.arrives(*kiosk, tap, seq);
                model.answered(*kiosk, said);
                model.said = Some(said);
            }
            Step::LoseAnswer(kiosk) | Step::Overtake(kiosk) => {
                let place = usize::from(matches!(step, Step::Overtake(_)));
                let (tap, seq) = model.kiosks[*kiosk].disk.waiting[place];
                model.said = Some(model.arrives(*kiosk, tap, seq));
            }
            Step::Again(which) => {
                let (kiosk, seq) = *which.get(&model.arrived);
                let (tap, _) = model.answers[&(kiosk, seq)];
                model.said = Some(model.arrives(kiosk, tap, seq));
            }
            Step::Beat(kiosk) => {
                let Some(claim) = model.kiosks[*kiosk].disk.claim else { return model };
                model.kiosks[*kiosk].beaten = Some(claim);
                model.heard = model.owns(*kiosk, claim);
                if model.heard {
                    let session = &mut model.sessions[claim.session];
                    session.last_seen = session.last_seen.max(model.now);
                } else if !model.sessions[claim.session].provisional {
                    // Where it was only not heard it goes on: its next action brings the session back.
                    model.kiosks[*kiosk].disk.claim = None;
                }
            }
            Step::Claim(kiosk) => model.claim(*kiosk, None),
            Step::Continue(kiosk) => model.claim(*kiosk, model.recoverable()),
            Step::Pass(millis) => {
                for part in parts(*millis) {
                    model.now += part;
                    model.watch(0);
                }
            }
            Step::Away(millis) => {
                model.now += millis;
                model.watch(0);
            }
            Step::Jump(millis) => {
                model.now += millis;
                model.watch(*millis);
            }
            Step::Skew(kiosk, by) => model.kiosks[*kiosk].skew = *by,
            Step::Cut(kiosk) => model.kiosks[*kiosk].offline = true,
            Step::Restore(kiosk) => model.kiosks[*kiosk].offline = false,
            Step::RestartServer | Step::RestartKiosk(_) => {}
            Step::Backup(kiosk) => model.kiosks[*kiosk].backup = Some(model.kiosks[*kiosk].disk.clone()),
            Step::RestoreDisk(kiosk) => {
                let own = &mut model.kiosks[*kiosk];
                let Some(backup) = own.backup.clone() else { return model };
                own.disk = backup;
                let kept: Vec<usize> = own.disk.waiting.iter().map(|(tap, _)| *tap).collect();
                for (number, tap) in model.taps.iter_mut().enumerate() {
                    tap.gone |= tap.kiosk == *kiosk && tap.fate.is_none() && !kept.contains(&number);
                }
            }
        }
        model
    }
}

/// A span of time in the steps of the watch.
pub fn parts(millis: i64) -> impl Iterator<Item = i64> {
    const LOOK: i64 = 20_000;
    let whole = usize::try_from(millis / LOOK).unwrap();
    std::iter::repeat_n(LOOK, whole).chain((millis % LOOK > 0).then_some(millis % LOOK))
}
