//! The server's clock and the server's count, as its answers tell them.

use super::{Owner, Since};
use crate::boot::Boot;
use crate::outbox::{Offset, told};
use crate::store::{Draft, Learnt, Store, StoreError};
use millrace_domain::Clock;
use millrace_protocol::action::ClockSource;
use millrace_protocol::time::Timestamp;
use std::time::Duration;

/// An answer that was on its way for longer says little about the time it was written.
const SLOW: Duration = Duration::from_secs(2);
/// Within the noise of a network there is nothing new to know, in milliseconds.
const NOISE: i64 = 50;

/// What the disk knows of the server's clock: all of it, where it was learnt in this boot.
pub(super) async fn remembered(store: &Store, clock: &dyn Clock, boot: &dyn Boot) -> Result<Offset, StoreError> {
    let wall = store.wall_offset().await?.unwrap_or_default();
    if let (Some(id), Some(millis)) = (boot.id(), boot.millis())
        && let Some(offset) = store.boot_offset(&id).await?
    {
        let now = Timestamp::from_millis(millis.saturating_add(offset));
        return Ok(Offset { millis: now.millis_since(clock.now()), boot: Some(offset), fresh: true });
    }
    Ok(Offset { millis: wall, boot: None, fresh: false })
}

impl Owner {
    /// What an answer is judged by that is asked for now.
    pub(super) fn since(&self) -> Since {
        Since { at: self.clock.monotonic(), taken: self.taken }
    }

    /// Now, on the server's clock as far as it is known.
    pub(super) fn server_now(&self) -> Timestamp {
        self.clock.now().plus_millis(self.offset.millis)
    }

    /// Learns the server's clock from an answer that carries it.
    pub(super) async fn learn(&mut self, server_time: Timestamp, since: Since) {
        let took = self.clock.monotonic().saturating_sub(since.at);
        if took > SLOW {
            return;
        }
        let half = i64::try_from(took.as_millis() / 2).unwrap_or_default();
        let server_now = server_time.plus_millis(half);
        let learnt = Learnt {
            wall: server_now.millis_since(self.clock.now()),
            boot: self.boot.millis().map(|millis| server_now.millis().saturating_sub(millis)),
        };
        // Nor within what the answer may have been longer on its way than the question.
        let near = |a: i64, b: i64| (a - b).abs() < NOISE.max(half);
        let same_boot = match (self.offset.boot, learnt.boot) {
            (Some(known), Some(learnt)) => near(known, learnt),
            (known, learnt) => known == learnt,
        };
        if self.offset.fresh && near(self.offset.millis, learnt.wall) && same_boot {
            return;
        }
        self.offset = Offset { millis: learnt.wall, boot: learnt.boot, fresh: true };
        if let Err(error) = self.store.learnt(self.boot.id().as_deref(), learnt, server_now).await {
            tracing::warn!(%error, "the server's clock is not kept");
        }
    }

    /// The wall clock was set, or ran on while the machine slept. The clock of the boot knows nothing of the one and
    /// all of the other; without it, what was learnt before is remembered and not known.
    pub(super) fn wall_clock_jumped(&mut self) {
        match (self.offset.boot, self.boot.millis()) {
            (Some(offset), Some(millis)) => {
                let now = Timestamp::from_millis(millis.saturating_add(offset));
                self.offset.millis = now.millis_since(self.clock.now());
            }
            _ => self.offset.fresh = false,
        }
    }

    /// What to add to the clock of the boot that a tap was made in, where that was ever learnt.
    async fn of_its_boot(&self, draft: &Draft) -> Option<i64> {
        match &draft.boot_id {
            None => None,
            Some(boot) if self.boot.id().as_ref() == Some(boot) => self.offset.boot,
            Some(boot) => self.store.boot_offset(boot).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "an offset can't be read");
                None
            }),
        }
    }

    /// The server has numbers of this kiosk up to this one. Where that is less than it had taken when it was asked,
    /// it was restored from a backup: what it forgot is sent again.
    pub(super) async fn seen(&mut self, last_seq: u64, since: Since) -> Result<(), StoreError> {
        if last_seq < since.taken {
            let again = self.store.send_again(last_seq).await?;
            self.taken = self.store.taken().await?;
            if again > 0 {
                tracing::warn!(last_seq, entries = again, "the server has forgotten actions: they are sent again");
                self.queue = self.store.waiting().await?.into();
                self.sender.backoff.succeeded();
                self.sender.hurry();
            }
        }
        self.greeted = true;
        self.store.seen(last_seq).await
    }

    /// How long the machine has slept since it was booted, and what lies between the two clocks besides.
    pub(super) fn asleep_now(&self) -> Option<i64> {
        let steady = i64::try_from(self.clock.monotonic().as_millis()).unwrap_or(i64::MAX);
        self.boot.millis().map(|millis| millis.saturating_sub(steady))
    }

    /// When a tap was, on the server's clock, and since when the program that took it had been running by then.
    pub(super) async fn told_all(&self, draft: &Draft) -> (Timestamp, ClockSource, Option<Timestamp>) {
        let of_its_boot = self.of_its_boot(draft).await;
        let (at, clock) = told(draft, self.offset, of_its_boot);
        let running = draft.running.map(|running| {
            let began = Draft { wall_at: running.wall_at, boot_ms: running.boot_ms, ..draft.clone() };
            told(&began, self.offset, of_its_boot).0.min(at)
        });
        (at, clock, running)
    }

    pub(super) fn drift_now(&self) -> i64 {
        let steady = i64::try_from(self.clock.monotonic().as_millis()).unwrap_or(i64::MAX);
        self.clock.now().millis().saturating_sub(steady)
    }
}
