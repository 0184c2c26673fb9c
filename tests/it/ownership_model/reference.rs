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
}

#[derive(Debug, Clone)]
pub struct Session {
    /// Claims; the epoch is the place, from 1.
    pub spans: Vec<Span>,
    pub active: bool,
    /// When the open stretch began.
    pub stretch: i64,
    last_seen: i64,
    last_action: Option<i64>,
}

impl Session {
    pub fn epoch(&self) -> u32 {
        u32::try_from(self.spans.len()).unwrap()
    }

    fn close(&mut self, at: i64) -> i64 {
        let at = at.max(self.stretch);
        self.active = false;
        self.spans.last_mut().unwrap().until = Some(at);
        at
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
        let (now, owns) = (self.now, self.owns(kiosk, claim));
        let session = &mut self.sessions[claim.session];
        let span = session.spans.get(claim.epoch as usize - 1).cloned();
        let span = span.filter(|span| span.kiosk == kiosk && span.instance == claim.instance);
        let fate = match span {
            Some(span) if owns => {
                let at = occurred_at.min(now).max(span.from).max(session.last_action.unwrap_or(i64::MIN));
                session.last_seen = session.last_seen.max(now);
                session.last_action = Some(session.last_action.unwrap_or(i64::MIN).max(occurred_at.min(now)));
                if ends {
                    session.close(at);
                } else {
                    session.stretch = session.stretch.max(at);
                }
                Fate::Applied
            }
            Some(Span { from, until: Some(until), .. }) if from <= occurred_at && occurred_at < until => Fate::Late,
            _ => Fate::Quarantined,
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
                session.close(session.last_seen);
            }
        }
    }

    fn claim(&mut self, kiosk: usize) {
        let (now, instance) = (self.now, self.instances);
        self.instances += 1;
        let index = self.active().unwrap_or_else(|| {
            let session = Session { spans: vec![], active: true, stretch: now, last_seen: now, last_action: None };
            self.sessions.push(session);
            self.sessions.len() - 1
        });
        let session = &mut self.sessions[index];
        let from = now.max(session.stretch);
        if let Some(before) = session.spans.last_mut() {
            before.until = Some(from);
        }
        session.spans.push(Span { kiosk, instance, from, until: None });
        (session.stretch, session.last_seen, session.last_action) = (from, now, None);
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
                } else {
                    model.kiosks[*kiosk].disk.claim = None;
                }
            }
            Step::Claim(kiosk) => model.claim(*kiosk),
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
