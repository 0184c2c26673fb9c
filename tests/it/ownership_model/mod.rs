//! Lease, epoch and outbox against a model: random schedules of taps, cuts, lost and repeated answers, takeovers, sweeps,
//! clock jumps, restarts of either side and restored disks. The server's storage and the kiosks' outboxes are the real
//! ones, on real disks; what lies between them, and all time, is the schedule's.
//!
//! Always: one owner at most; live rows change by the owner and the watch alone; an answer is the same for ever; and in
//! the end every tap that was saved is in history or in quarantine, exactly once.
//!
//! `OWNERSHIP_CASES` says how many schedules (CI: a few), `OWNERSHIP_SEED` which; both are printed.

#![expect(clippy::print_stderr, reason = "a failure is repeated from its seed")]

mod clock;
mod floor;
mod reference;

use floor::Floor;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use reference::Reference;

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn there_is_one_owner_and_nothing_saved_is_lost_or_doubled() {
    let cases = from_environment("OWNERSHIP_CASES", 8);
    let seed = from_environment("OWNERSHIP_SEED", 20_261_127);
    eprintln!("OWNERSHIP_CASES={cases} OWNERSHIP_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: u32::try_from(cases).unwrap(),
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let schedules = Reference::sequential_strategy(5..60);
    let ran = runner.run(&schedules, |(model, steps, seen)| {
        Floor::test_sequential(config.clone(), model, steps, seen);
        Ok(())
    });
    ran.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
}
