//! Worker actions: admitted by their number and their claim, done, and settled with an answer that is kept for ever.
//!
//! A refusal leaves the transaction as it found it: everything is asked before anything is written.

mod admission;
mod ask;
mod decide;
mod late;
mod live;
mod park;
mod recovery;
mod start;
mod undo;

use crate::writer::Tx;
use admission::Admission;
use millrace_domain::action::{Action, QuarantineReason, Reply};
use millrace_domain::deed::Deed;
use millrace_domain::session::Moment;
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::action::{ActionAnswer, Outcome};

/// What an action is answered with.
type Answer = std::result::Result<ActionAnswer, Refusal>;

impl Tx {
    /// Does what a worker did, once.
    pub(crate) async fn act(&mut self, action: Action<Deed>, chance: &dyn Chance, policy: &Policy) -> Result<Reply> {
        let moment = Moment { now: self.now, chance, policy };
        let admission = match self.admit(&action, &moment).await? {
            Admission::Answered(reply) => return Ok(*reply),
            admission => admission,
        };
        if let Deed::Undo { undoes } = action.what
            && let Some(target) = self.lies_in_quarantine(action.kiosk, undoes).await?
        {
            let answer = self.quarantine(&action, QuarantineReason::UndoesQuarantined, Some(target), chance).await?;
            return self.settle(&action, answer).await;
        }
        let answer = match admission {
            Admission::Answered(reply) => return Ok(*reply),
            // Whoever asks to go on is told why not: there is nothing in it to be kept.
            Admission::Quarantined(_) | Admission::Late { .. } if action.what == Deed::Reopen => {
                Err(self.in_the_way(action.session).await?)
            }
            Admission::Quarantined(reason) => self.quarantine(&action, reason, None, chance).await?,
            Admission::Live(live, at) => refused(self.act_live(&action, &live, at, &moment).await)?,
            Admission::Late { session, at } => {
                let (session, covering) = self.covered(*session, &action, at, &moment).await?;
                match refused(self.act_late(&action, &session, covering.as_ref(), at, &moment).await)? {
                    Ok(Some(answer)) => Ok(answer),
                    Ok(None) => self.quarantine(&action, QuarantineReason::OutsideEpoch, None, chance).await?,
                    Err(refusal) => Err(refusal),
                }
            }
        };
        // A kiosk that brings its session back by itself does so whether or not anybody is there.
        let is_by_hand = action.what != Deed::Reopen;
        if is_by_hand && matches!(answer, Ok(ActionAnswer { outcome: Outcome::Applied, .. })) {
            self.touched(action.session, action.stamp.occurred_at.min(self.now)).await?;
        }
        self.settle(&action, answer).await
    }
}

/// A rule that says no is an answer, to be kept; anything else that fails is not.
fn refused<T>(result: Result<T>) -> Result<std::result::Result<T, Refusal>> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(StorageError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}
