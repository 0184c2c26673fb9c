//! The model: random legal and illegal actions against the real server and against a small floor in memory, written
//! from the rules and not from the code. They never disagree: on no answer, no session, no balance.
//!
//! `MODEL_ACTIONS` says how many actions (CI: a few hundred), `MODEL_SEED` which; both are printed.

#![expect(clippy::print_stderr, reason = "a failure is repeated from its seed")]

mod floor;
mod moves;
mod world;

use floor::Floor;
use moves::Move;
use world::World;

/// A generator of numbers that is the same everywhere: SplitMix64.
pub(crate) struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("small")).expect("small")
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_and_model_never_disagree() {
    let actions = from_environment("MODEL_ACTIONS", 600);
    let seed = from_environment("MODEL_SEED", 20_261_124);
    eprintln!("MODEL_ACTIONS={actions} MODEL_SEED={seed}");
    let (mut dice, world) = (Dice(seed), World::new().await);
    let mut floor = Floor::new(&world);
    let mut refused = 0;
    for n in 0..actions {
        let chosen = Move::choose(&mut dice, &floor, &world);
        if !floor.is_simple(&chosen) {
            continue;
        }
        let said = chosen.to_string();
        let expected = floor.expect(&chosen, &world);
        let answer = world.send(&chosen, &mut floor).await;
        refused += u64::from(!expected.is_empty());
        floor.compare(&expected, &answer).unwrap_or_else(|why| panic!("action {n} of seed {seed}, {said}: {why}"));
        floor.turn = n;
        floor.did(&chosen, &answer);
        world.pass(&mut dice);
        if n % 40 == 0 {
            world.heartbeats(&floor).await;
        }
        if n % 100 == 0 || n + 1 == actions {
            world.same_as(&floor).await.unwrap_or_else(|why| panic!("after action {n} of seed {seed}, {said}: {why}"));
        }
    }
    assert!(refused * 10 > actions && refused * 10 < actions * 8, "{refused} of {actions} were refused: poor dice");
    world.ledger_agrees().await;
}
