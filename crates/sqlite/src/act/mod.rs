//! Worker actions: admitted by their number and their claim, done, and settled with an answer that is kept for ever.
//!
//! A refusal leaves the transaction as it found it: everything is asked before anything is written.

mod admission;
mod ask;
mod late;
mod live;
mod park;

use crate::writer::Tx;
use admission::Admission;
use millrace_domain::action::{Action, QuarantineReason, Reply};
use millrace_domain::deed::Deed;
use millrace_domain::session::Moment;
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::action::ActionAnswer;

/// What an action is answered with.
type Answer = std::result::Result<ActionAnswer, Refusal>;

impl Tx {
    /// Does what a worker did, once.
    pub(crate) async fn act(&mut self, action: Action<Deed>, chance: &dyn Chance, policy: &Policy) -> Result<Reply> {
        let moment = Moment { now: self.now, chance, policy };
        let answer = match self.admit(&action).await? {
            Admission::Answered(reply) => return Ok(*reply),
            Admission::Quarantined(reason) => self.quarantine(&action, reason, chance).await?,
            Admission::Live(live, at) => refused(self.act_live(&action, &live, at, &moment).await)?,
            Admission::Late(session, covering) => {
                match refused(self.act_late(&action, &session, covering.as_deref(), &moment).await)? {
                    Ok(Some(answer)) => Ok(answer),
                    Ok(None) => self.quarantine(&action, QuarantineReason::OutsideEpoch, chance).await?,
                    Err(refusal) => Err(refusal),
                }
            }
        };
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
