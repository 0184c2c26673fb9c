//! What a worker taps: judged by the rules as far as they are known here, on the disk, and only then "saved".

use super::judge::refused;
use super::{Owner, Tap};
use crate::engine::CommandError;
use crate::store::{By, Claim, Draft, Kind};
use crate::view::{ActionState, LastAction};
use millrace_domain::Refusal;
use millrace_domain::status::check_note;
use serde_json::{Value, json};

impl Owner {
    /// Saves a tap. The view says "saved" after this returned, and never before.
    pub(super) async fn tap(&mut self, tap: Tap) -> Result<(), CommandError> {
        let gone = || Refusal::SessionNotActive { reason: None, provisional: false, ended_at: None, closer: None };
        let claim = self.claim.clone().filter(|claim| !claim.ending).ok_or_else(|| refused(&gone()))?;
        let draft = self.drafted(&claim, tap).await?;
        let before = self.expected(&claim);
        let saved = self.store.append(draft).await;
        let entry = self.wrote(saved)?;
        self.touched = Some(self.clock.monotonic());
        self.offer_undo(&entry, before);
        if let Some(claim) = self.claim.as_mut().filter(|_| entry.draft.kind.ends()) {
            claim.ending = true;
            self.left().await;
        }
        self.last_action = Some(LastAction { seq: entry.seq, state: ActionState::Saved, problem: None });
        self.queue.push_back(entry);
        if self.sender.backoff.failures() == 0 && self.hold.is_none() {
            self.sender.hurry();
        }
        Ok(())
    }

    /// Judges a tap, and makes of it what is to be sent.
    async fn drafted(&self, claim: &Claim, tap: Tap) -> Result<Draft, CommandError> {
        let station = claim.session.station_id;
        let mut undoes = None;
        let mut request = json!({"sessionId": claim.session.id});
        let (kind, path) = match tap {
            Tap::Status(change) => {
                self.judge_status(claim, &change).await?;
                request["statusDefinitionId"] = json!(change.status_definition_id);
                add(&mut request, "reasonId", change.reason_id);
                add(&mut request, "note", change.note);
                add(&mut request, "quantities", change.quantities);
                add(&mut request, "report", change.report);
                (Kind::Status, "/api/status-events".to_owned())
            }
            Tap::Reason { event, reason, note } => {
                noted(note.as_deref())?;
                request["reasonId"] = json!(reason);
                add(&mut request, "note", note);
                (Kind::Reason, format!("/api/status-events/{event}/reason"))
            }
            Tap::Count(quantities) => {
                self.judge_quantities(station, Some(&quantities)).await?;
                request["quantities"] = json!(quantities);
                (Kind::Count, "/api/sessions/quantities".to_owned())
            }
            Tap::Report(report) => {
                self.judge_report(station, &report).await?;
                request["report"] = json!(report);
                (Kind::Report, "/api/reports".to_owned())
            }
            Tap::Bind(choice) => {
                self.judge_choice(claim, &choice).await?;
                request["jobItemId"] = json!(choice.job_item_id);
                request["stepId"] = json!(choice.step_id);
                add(&mut request, "quantities", choice.quantities);
                (Kind::Bind, "/api/sessions/bind-job-item".to_owned())
            }
            Tap::Unbind => {
                self.judge_unbinding(claim)?;
                (Kind::Unbind, "/api/sessions/unbind-job-item".to_owned())
            }
            Tap::AskApproval { note } => {
                noted(note.as_deref())?;
                self.judge_asking(claim)?;
                add(&mut request, "note", note);
                (Kind::Approval, "/api/approvals".to_owned())
            }
            Tap::Call { note } => {
                noted(note.as_deref())?;
                add(&mut request, "note", note);
                (Kind::Call, "/api/calls".to_owned())
            }
            Tap::CancelCall(call) => (Kind::CancelCall, format!("/api/calls/{call}/cancel")),
            Tap::StillHere => (Kind::Here, "/api/sessions/still-here".to_owned()),
            Tap::End(ending) => {
                self.judge_ending(station, &ending).await?;
                add(&mut request, "quantities", ending.quantities);
                add(&mut request, "checklist", ending.checklist);
                (Kind::Complete, "/api/sessions/complete".to_owned())
            }
            Tap::Undo => {
                undoes = Some(self.undone(claim)?);
                // Which action it is says of which session: by number, when the bytes are made.
                request = json!({});
                (Kind::Undo, "/api/actions/undo".to_owned())
            }
            Tap::Abandon => (Kind::Abandon, "/api/sessions/abandon".to_owned()),
        };
        Ok(Draft { undoes, ..self.draft(claim, kind, path, &request) })
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
            boot_id: self.boot.id(),
            boot_ms: self.boot.millis(),
            running: Some(self.running),
            undoes: None,
            opens: None,
            by: Some(By {
                id: claim.session.worker_id,
                code: claim.session.worker_code.clone(),
                name: claim.session.worker_name.clone(),
            }),
        }
    }
}

fn noted(note: Option<&str>) -> Result<(), CommandError> {
    check_note(note).map_err(|refusal| refused(&refusal))
}

/// Adds a member that is there.
fn add<T: serde::Serialize>(request: &mut Value, name: &str, value: Option<T>) {
    if let Some(value) = value {
        request[name] = json!(value);
    }
}
