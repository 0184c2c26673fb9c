//! Sessions that were closed for want of contact: an action of their last claim brings them back, or moves their end
//! where somebody else is there by now. Either is an amendment of its own.

use super::admission::known_from;
use crate::amend::Kept;
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::action::Action;
use millrace_domain::session::ownership::still_open;
use millrace_domain::session::recover::{Recovery, move_end, recover};
use millrace_domain::session::uncounted::uncounted;
use millrace_domain::session::{Claimer, Live, Moment};
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Policy, Refusal};
use millrace_protocol::SessionId;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use serde_json::json as object;

impl Tx {
    /// When a later session began that stands in the way of one that was closed provisionally; none where it may come
    /// back, and for any other session.
    pub(crate) async fn superseded_at(&mut self, session: &Session, policy: &Policy) -> Result<Option<Timestamp>> {
        let (true, Some(ended)) = (session.provisional, session.ended_at) else { return Ok(None) };
        let (id, station, worker, ended) = (session.id.0, session.station_id.0, session.worker_id.0, ended.millis());
        let is_his_only = policy.sessions_per_worker <= 1;
        let at = sqlx::query_file_scalar!("queries/session_superseded.sql", id, station, worker, ended, is_his_only)
            .fetch_one(&mut self.conn)
            .await
            .during("asking whether a session can come back")?;
        let limit = usize::try_from(policy.sessions_per_worker).unwrap_or(usize::MAX);
        let is_full = !is_his_only && self.held(session.worker_id).await?.len() >= limit;
        Ok(at.map(Timestamp::from_millis).or(is_full.then_some(self.now)))
    }

    /// Why a session can't go on.
    pub(super) async fn in_the_way(&mut self, session: SessionId) -> Result<Refusal> {
        let Some(session) = self.session(session).await? else { return Ok(Refusal::SessionNotFound) };
        if let Some(other) = self.occupant(session.station_id).await?.filter(|other| other.id != session.id) {
            return Ok(Refusal::StationOccupied { worker_name: other.worker_name });
        }
        if let Some(other) = self.held(session.worker_id).await?.into_iter().find(|other| other.id != session.id) {
            return Ok(Refusal::SessionAlreadyExists { session: Box::new(other) });
        }
        match still_open(&session) {
            // Nobody is there now, but somebody was: it is over for good.
            Err(Refusal::SessionNotActive { reason, ended_at, closer, .. }) => {
                Ok(Refusal::SessionNotActive { reason, provisional: false, ended_at, closer })
            }
            Err(refusal) => Ok(refusal),
            Ok(()) => {
                let owner = self.owner(&session).await?;
                Ok(millrace_domain::session::ownership::mismatch(owner))
            }
        }
    }

    /// Opens a session again under a claim, its own or one that takes it over.
    pub(crate) async fn bring_back(
        &mut self,
        session: Session,
        claimer: Claimer,
        epoch: u32,
        known_from: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<Live> {
        let past = self.past(session.id).await?;
        let last = past.events.last().ok_or_else(|| bare(session.id))?;
        let definition = self.status_by_id(last.status_definition_id, session.station_id).await?;
        // Its last stretch goes on, so its pieces are not missing yet.
        let before = past.events.split_last().map_or(&[][..], |(_, before)| before);
        let mut going_on = before.to_vec();
        going_on.push(StatusEvent { ended_at: None, ..last.clone() });
        let recovery = Recovery {
            session: &session,
            last,
            definition: definition.as_ref(),
            claimer,
            epoch,
            is_new_claim: self.claimant(session.id).await?.is_none_or(|claimant| claimant.epoch != epoch),
            known_from,
            count_missing: !uncounted(&going_on, &past.entries).is_empty(),
            minor_stop_ms: self.minor_stop_ms(session.station_id, moment.policy).await?,
        };
        let (live, effects) = recover(&recovery, moment);
        self.apply(effects).await?;
        let old =
            object!({ "status": session.status, "closeReason": session.close_reason, "endedAt": session.ended_at });
        let new =
            object!({ "status": live.session.status, "closeReason": null, "endedAt": null, "knownFrom": known_from });
        self.amended_by_return("reopen", &session, old, new, moment).await?;
        Ok(live)
    }

    /// The stretch that covers the moment of a late action. Where its session had been closed provisionally before it,
    /// the end moves there: somebody was still at work.
    pub(super) async fn covered<T>(
        &mut self,
        session: Session,
        action: &Action<T>,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<(Session, Option<StatusEvent>)> {
        match session.ended_at {
            // The moment of the end itself is still its last stretch's.
            Some(ended) if session.provisional && at == ended => {
                let last = self.past(session.id).await?.events.pop();
                Ok((session, last))
            }
            Some(ended) if session.provisional && at > ended => {
                let (session, last) = self.move_end(session, at, known_from(&action.stamp, at), false, moment).await?;
                Ok((session, Some(last)))
            }
            _ => {
                let covering = self.covering(action, at).await?;
                Ok((session, covering))
            }
        }
    }

    /// Moves the end of a session that was closed provisionally. With `confirmed` it is final.
    pub(crate) async fn move_end(
        &mut self,
        session: Session,
        at: Timestamp,
        known_from: Timestamp,
        confirmed: bool,
        moment: &Moment<'_>,
    ) -> Result<(Session, StatusEvent)> {
        let past = self.past(session.id).await?;
        let last = past.events.last().ok_or_else(|| bare(session.id))?;
        let (moved, event, effects) = move_end(&session, last, at, known_from, confirmed, moment);
        self.apply(effects).await?;
        let old = object!({ "endedAt": session.ended_at, "provisional": session.provisional });
        let new = object!({ "endedAt": moved.ended_at, "provisional": moved.provisional });
        self.amended_by_return("end", &session, old, new, moment).await?;
        Ok((moved, event))
    }

    async fn amended_by_return(
        &mut self,
        kind: &'static str,
        session: &Session,
        old: serde_json::Value,
        new: serde_json::Value,
        moment: &Moment<'_>,
    ) -> Result<()> {
        let kept = Kept {
            kind,
            session: Some(session.id),
            decided: (session.id.0, old, new),
            reason: "its kiosk is back".to_owned(),
            actor: format!("worker {}", session.worker_code),
        };
        self.keep(kept, moment.chance).await.map(drop)
    }
}

fn bare(session: SessionId) -> StorageError {
    StorageError::Defect { context: "bringing a session back", reason: format!("session {session} has no stretch") }
}
