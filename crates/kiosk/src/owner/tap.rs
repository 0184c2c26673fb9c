//! What a worker taps: judged by the rules as far as they are known here, on the disk, and only then "saved".

use super::lists::reasons_of;
use super::{Owner, Tap};
use crate::engine::{CommandError, StatusChange};
use crate::store::{Claim, Draft, Kind};
use crate::view::{ActionState, LastAction};
use millrace_domain::Refusal;
use millrace_domain::status::{StatusChange as Wanted, check_note, may_enter};
use millrace_protocol::status::{Reason, ReasonType};
use millrace_protocol::{ReasonId, StationId};
use serde_json::{Value, json};

impl Owner {
    /// Saves a tap. The view says "saved" after this returned, and never before.
    pub(super) async fn tap(&mut self, tap: Tap) -> Result<(), CommandError> {
        let gone = || Refusal::SessionNotActive { reason: None, provisional: false, ended_at: None };
        let claim = self.claim.clone().filter(|claim| !claim.ending).ok_or_else(|| refused(&gone()))?;
        let session = claim.session.id;
        let draft = match tap {
            Tap::Status(change) => {
                self.judge(&claim, &change).await?;
                let mut request = json!({"sessionId": session, "statusDefinitionId": change.status_definition_id});
                add(&mut request, "reasonId", change.reason_id);
                add(&mut request, "note", change.note);
                self.draft(&claim, Kind::Status, "/api/status-events".to_owned(), &request)
            }
            Tap::Reason { event, reason, note } => {
                check_note(note.as_deref()).map_err(|refusal| refused(&refusal))?;
                let mut request = json!({"sessionId": session, "reasonId": reason});
                add(&mut request, "note", note);
                self.draft(&claim, Kind::Reason, format!("/api/status-events/{event}/reason"), &request)
            }
            Tap::End => {
                let request = json!({"sessionId": session});
                self.draft(&claim, Kind::Complete, "/api/sessions/complete".to_owned(), &request)
            }
            Tap::Abandon => {
                let request = json!({"sessionId": session});
                self.draft(&claim, Kind::Abandon, "/api/sessions/abandon".to_owned(), &request)
            }
        };
        let entry = self.store.append(draft).await?;
        if let Some(claim) = self.claim.as_mut().filter(|_| entry.draft.kind.ends()) {
            claim.ending = true;
        }
        self.last_action = Some(LastAction { seq: entry.seq, state: ActionState::Saved, problem: None });
        self.queue.push_back(entry);
        if self.sender.backoff.failures() == 0 && self.hold.is_none() {
            self.sender.hurry();
        }
        Ok(())
    }

    fn draft(&self, claim: &Claim, kind: Kind, path: String, request: &Value) -> Draft {
        Draft {
            kind,
            path,
            request: request.to_string(),
            session: claim.session.id,
            instance: claim.instance,
            epoch: claim.epoch,
            wall_at: self.clock.now(),
            boot_id: self.boot.id().map(str::to_owned),
            boot_ms: self.boot.millis(),
        }
    }

    /// The same judgement as the server's, on what is known here. What is not known here is left to the server.
    async fn judge(&self, claim: &Claim, change: &StatusChange) -> Result<(), CommandError> {
        if self.statuses.is_empty() {
            return Ok(());
        }
        let definition = self
            .statuses
            .iter()
            .find(|definition| definition.id == change.status_definition_id)
            .ok_or_else(|| refused(&Refusal::StatusNotAllowed))?;
        let known = match change.reason_id {
            Some(reason) => self.reason_may_be_known(claim.session.station_id, reason).await,
            None => false,
        };
        let wanted =
            Wanted { reason: change.reason_id, note: change.note.clone(), ..Wanted::to(change.status_definition_id) };
        may_enter(definition, &wanted, known).map_err(|refusal| refused(&refusal))
    }

    /// Whether a reason is one of the station's, or may be, because the lists are not all here.
    async fn reason_may_be_known(&self, station: StationId, reason: ReasonId) -> bool {
        for kind in [ReasonType::Stop, ReasonType::Malfunction] {
            match self.store.recall::<Vec<Reason>>(&reasons_of(station, kind)).await {
                Ok(Some(list)) if !list.iter().any(|known| known.id == reason) => {}
                Ok(_) | Err(_) => return true,
            }
        }
        false
    }
}

fn refused(refusal: &Refusal) -> CommandError {
    CommandError::Refused(Box::new(refusal.problem()))
}

/// Adds a member that is there.
fn add<T: serde::Serialize>(request: &mut Value, name: &str, value: Option<T>) {
    if let Some(value) = value {
        request[name] = json!(value);
    }
}
