//! A crowd of readers in a process of its own, so that what they cost is not counted as what is measured.
//!
//! They read bytes from plain sockets and note which offsets came when, no more. What that means is worked out here.

mod crowd;
mod stream;
mod wire;

pub(crate) use crowd::run;
pub(crate) use wire::{Account, Comeback, Order, Question};

use crate::process::Process;
use anyhow::Context;
use tokio::process::Command;
use wire::Opened;

/// The process with the readers. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Readers {
    process: Process,
    /// Until all of them had their `initial`, in milliseconds.
    pub(crate) open_ms: f64,
}

impl Readers {
    /// Starts them, and waits until each has its `initial`.
    pub(crate) async fn open(order: &Order) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("readers");
        let mut process = Process::start(command)?;
        process.tell(&serde_json::to_string(order)?).await?;
        let opened: Opened = serde_json::from_str(&process.line().await.context("the readers")?)?;
        Ok(Self { process, open_ms: opened.took_ms })
    }

    /// Waits until they have come as far as the question says, and has them tell.
    pub(crate) async fn ask(&mut self, question: Question) -> anyhow::Result<Account> {
        self.process.tell(&serde_json::to_string(&question)?).await?;
        Ok(serde_json::from_str(&self.process.line().await.context("the readers")?)?)
    }
}

/// What was wrong with what readers got, against what there was to get.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Faults {
    /// Events that did not reach a reader.
    pub(crate) lost: usize,
    /// Events that came twice, out of order, or that never were.
    pub(crate) astray: usize,
    /// Events that came as they should.
    pub(crate) delivered: usize,
}

/// Checks every reader's walk against the offsets there were, ascending.
pub(crate) fn check(expected: &[u64], walks: &[(Vec<i64>, usize)]) -> Faults {
    let mut all = Faults::default();
    for (walk, readers) in walks {
        let one = check_one(expected, walk);
        all.lost += one.lost * readers;
        all.astray += one.astray * readers;
        all.delivered += one.delivered * readers;
    }
    all
}

fn check_one(expected: &[u64], walk: &[i64]) -> Faults {
    let mut faults = Faults::default();
    // Before its first snapshot a reader has nothing to miss.
    let mut next = None;
    for step in walk {
        let offset = step.unsigned_abs();
        if *step < 0 {
            next = Some(expected.partition_point(|known| *known <= offset));
            continue;
        }
        let from = next.unwrap_or_default();
        match expected[from..].binary_search(&offset) {
            Ok(skipped) => {
                faults.lost += skipped;
                faults.delivered += 1;
                next = Some(from + skipped + 1);
            }
            Err(_) => faults.astray += 1,
        }
    }
    faults.lost += expected.len() - next.unwrap_or_default();
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(walk: &[i64]) -> (usize, usize, usize) {
        let found = check_one(&[3, 6, 9], walk);
        (found.lost, found.astray, found.delivered)
    }

    #[test]
    fn a_walk_is_whole_or_its_faults_are_counted() {
        assert_eq!(faults(&[-2, 3, 6, 9]), (0, 0, 3));
        assert_eq!(faults(&[-3, 6, 9]), (0, 0, 2), "the snapshot had the first");
        assert_eq!(faults(&[-2, 3, -8, 9]), (0, 0, 2), "a snapshot in between has what was missed");
        assert_eq!(faults(&[-2, 3, 9]), (1, 0, 2));
        assert_eq!(faults(&[-2, 3, 6]), (1, 0, 2));
        assert_eq!(faults(&[-2, 3, 3, 6, 9]), (0, 1, 3), "twice");
        assert_eq!(faults(&[-2, 3, 5, 6, 9]), (0, 1, 3), "never was");
        assert_eq!(faults(&[]), (3, 0, 0));
        assert_eq!(check(&[3], &[(vec![-2, 3], 5), (vec![-2], 2)]), Faults { lost: 2, astray: 0, delivered: 5 });
    }
}
