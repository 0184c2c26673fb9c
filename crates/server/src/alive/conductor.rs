//! What happens next on the floor, and where: pure, with a seed in place of chance.
//!
//! A fixed row of acts goes round in 80 s, so that no kind of event keeps a watcher waiting; which
//! station it happens at, and how long things take, varies. An act that no station is fit for is owed and tried
//! again at every step.

use crate::demo::ids::Seed;
use std::collections::VecDeque;
use std::time::Duration;

/// What a player can be told to do. Production after setup, stop and silence follows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// A worker signs in and opens a session.
    Start,
    /// The machine is made ready.
    SetUp,
    /// The machine stops; the worker says why.
    Stop,
    /// The machine breaks; it is looked after, and mended.
    BreakDown,
    /// The worker has his break.
    Pause,
    /// The next worker takes the machine over.
    HandOver,
    /// The kiosk goes away for a while, then comes back.
    LoseContact,
    /// The worker ends his session.
    End,
}

/// What a post is doing, as far as the conductor needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nobody is there.
    Empty,
    /// It produces.
    Producing,
    /// It does something that ends by itself.
    Busy,
}

/// What is to happen now, if anything, and when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// At which post, and what.
    pub call: Option<(usize, Act)>,
    /// Until the next step.
    pub pause: Duration,
}

/// Once round, at one act per [`STEP`].
const ROUND: [Act; 16] = [
    Act::Start,
    Act::Stop,
    Act::SetUp,
    Act::Pause,
    Act::HandOver,
    Act::Stop,
    Act::LoseContact,
    Act::SetUp,
    Act::End,
    Act::BreakDown,
    Act::Pause,
    Act::SetUp,
    Act::Stop,
    Act::HandOver,
    Act::LoseContact,
    Act::SetUp,
];

/// From act to act, in milliseconds: at most 5 s, so that a round takes no more than 80 s.
const STEP: (u64, u64) = (4_000, 5_000);
/// From start to start while the floor fills.
const FILLING: Duration = Duration::from_millis(400);

/// How long what an act begins takes, in milliseconds from and to.
#[must_use]
pub fn lasts(act: Act, seed: &mut Seed) -> Duration {
    let (from, to) = match act {
        Act::Start => (4_000, 9_000),
        Act::SetUp => (15_000, 45_000),
        Act::Stop => (15_000, 40_000),
        // Each of its two halves: until somebody looks after it, until it is mended.
        Act::BreakDown => (8_000, 16_000),
        Act::Pause => (30_000, 60_000),
        Act::LoseContact => (18_000, 28_000),
        Act::HandOver | Act::End => (0, 0),
    };
    Duration::from_millis(seed.between(from, to))
}

/// Says what happens next.
#[derive(Debug)]
pub struct Conductor {
    seed: Seed,
    place: usize,
    owed: VecDeque<Act>,
    filling: bool,
}

impl Conductor {
    /// A conductor who fills the floor first.
    #[must_use]
    pub fn new(seed: Seed) -> Self {
        Self { seed, place: 0, owed: VecDeque::new(), filling: true }
    }

    /// The next step on a floor in these phases.
    pub fn next(&mut self, floor: &[Phase]) -> Step {
        let manned = floor.iter().filter(|phase| **phase != Phase::Empty).count();
        // Four posts in five are manned. Rather more than one in three empty means that something went wrong.
        self.filling = manned * 5 < floor.len() * if self.filling { 4 } else { 3 };
        if self.filling
            && let Some(post) = self.choose(Act::Start, floor)
        {
            return Step { call: Some((post, Act::Start)), pause: FILLING };
        }
        let pause = Duration::from_millis(self.seed.between(STEP.0, STEP.1));
        let act = ROUND[self.place % ROUND.len()];
        self.place += 1;
        if !self.owed.contains(&act) {
            self.owed.push_back(act);
        }
        for turn in 0..self.owed.len() {
            if let Some(post) = self.choose(self.owed[turn], floor) {
                return Step { call: self.owed.remove(turn).map(|act| (post, act)), pause };
            }
        }
        Step { call: None, pause }
    }

    /// A post that is fit for an act.
    fn choose(&mut self, act: Act, floor: &[Phase]) -> Option<usize> {
        let wanted = if act == Act::Start { Phase::Empty } else { Phase::Producing };
        let fit: Vec<usize> = (0..floor.len()).filter(|post| floor[*post] == wanted).collect();
        fit.get(self.seed.index(fit.len())).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Plays ten minutes; returns when each act was called, in milliseconds, and the shares of phases over time.
    fn played(seed: u64, posts: usize) -> (BTreeMap<Act, Vec<u64>>, f64) {
        let mut conductor = Conductor::new(Seed::new(seed));
        let mut lengths = Seed::new(seed + 1);
        let mut floor = vec![Phase::Empty; posts];
        let mut busy_until = vec![0u64; posts];
        let mut calls: BTreeMap<Act, Vec<u64>> = BTreeMap::new();
        let (mut now, mut producing, mut steps) = (0u64, 0usize, 0usize);
        while now < 600_000 {
            for post in 0..posts {
                if floor[post] == Phase::Busy && busy_until[post] <= now {
                    floor[post] = Phase::Producing;
                }
            }
            let step = conductor.next(&floor);
            if let Some((post, act)) = step.call {
                calls.entry(act).or_default().push(now);
                let wanted = if act == Act::Start { Phase::Empty } else { Phase::Producing };
                assert_eq!(floor[post], wanted, "{act:?}");
                floor[post] = if act == Act::End { Phase::Empty } else { Phase::Busy };
                busy_until[post] = now + u64::try_from(lasts(act, &mut lengths).as_millis()).expect("short");
            }
            if now > 60_000 {
                producing += floor.iter().filter(|phase| **phase == Phase::Producing).count();
                steps += posts;
            }
            now += u64::try_from(step.pause.as_millis()).expect("short");
        }
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let share = producing as f64 / steps as f64;
        (calls, share)
    }

    #[test]
    fn whoever_watches_a_hundred_seconds_sees_every_act() {
        for seed in 0..50 {
            let (calls, _) = played(seed, 20);
            for act in ROUND {
                let mut times = calls[&act].clone();
                times.insert(0, 0);
                times.push(600_000);
                let widest = times.windows(2).map(|pair| pair[1] - pair[0]).max().expect("some");
                assert!(widest <= 100_000, "seed {seed}, {act:?}: {widest} ms without one");
            }
        }
    }

    #[test]
    fn the_floor_fills_quickly_and_most_of_it_produces() {
        for seed in 0..20 {
            let (calls, producing) = played(seed, 20);
            let sixteenth = calls[&Act::Start][15];
            assert!(sixteenth < 10_000, "seed {seed}: {sixteenth}");
            assert!((0.35..0.8).contains(&producing), "seed {seed}: {producing}");
        }
    }

    #[test]
    fn the_same_seed_plays_the_same() {
        assert_eq!(played(3, 20).0, played(3, 20).0);
    }

    #[test]
    fn a_floor_of_nobody_is_waited_for() {
        let mut conductor = Conductor::new(Seed::new(1));
        for _ in 0..100 {
            assert_eq!(conductor.next(&[]).call, None);
            assert_eq!(conductor.next(&[Phase::Busy]).call, None);
        }
    }
}
