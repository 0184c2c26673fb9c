//! The same judgement as the server's, on what is known here, before anything is called saved.
//!
//! What is not known here (a list that never came, a supervisor's decision of a minute ago) is left to the server.

use super::Owner;
use super::lists::{checklists_of, reasons_of};
use crate::engine::{CommandError, StatusChange};
use crate::store::{Claim, Kind};
use crate::view::{Ending, ItemChoice, LinkState};
use millrace_domain::quantity::Reason as Named;
use millrace_domain::status::{StatusChange as Wanted, may_enter};
use millrace_domain::{Refusal, checklist, quantity, report};
use millrace_protocol::checklist::StationChecklists;
use millrace_protocol::floor::ApprovalStanding;
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind};
use millrace_protocol::session::Session;
use millrace_protocol::status::{MachineState, Reason, ReasonType, StatusDefinition};
use millrace_protocol::{ReasonId, StationId, StepId};
use std::collections::BTreeMap;

/// A rule that says no, as the server would say it.
pub(super) fn refused(refusal: &Refusal) -> CommandError {
    CommandError::Refused(Box::new(refusal.problem()))
}

impl Owner {
    /// A change of status with what comes with it.
    pub(super) async fn judge_status(&self, claim: &Claim, change: &StatusChange) -> Result<(), CommandError> {
        let station = claim.session.station_id;
        self.judge_quantities(station, change.quantities.as_ref()).await?;
        if let Some(draft) = &change.report {
            self.judge_report(station, draft).await?;
        }
        if self.statuses.is_empty() {
            return Ok(());
        }
        let definition = self
            .statuses
            .iter()
            .find(|definition| definition.id == change.status_definition_id)
            .ok_or_else(|| refused(&Refusal::StatusNotAllowed))?;
        let known = match change.reason_id {
            Some(reason) => self.reason(station, ReasonType::Stop, reason).await.is_some(),
            None => false,
        };
        let wanted = Wanted {
            reason: change.reason_id,
            note: change.note.clone(),
            report: change.report.clone(),
            ..Wanted::to(change.status_definition_id)
        };
        may_enter(definition, &wanted, known).map_err(|refusal| refused(&refusal))?;
        self.judge_production(&self.expected(claim), definition)
    }

    /// Production needs an item and, where its step asks for it, the approval of the first product.
    fn judge_production(&self, session: &Session, definition: &StatusDefinition) -> Result<(), CommandError> {
        if definition.machine_state != MachineState::Production {
            return Ok(());
        }
        match (session.job_item_id, session.step_id) {
            (Some(_), Some(step)) => self.judge_approval(session, step),
            _ => Err(refused(&Refusal::JobItemRequired)),
        }
    }

    /// With the server at hand it is the server that knows what was approved a moment ago; without it, what was
    /// last told holds until a setup that was tapped since.
    fn judge_approval(&self, session: &Session, step: StepId) -> Result<(), CommandError> {
        let Some(item) = self.items.iter().find(|item| item.step_id == step) else { return Ok(()) };
        if !item.first_product_approval || self.link.state != LinkState::Offline {
            return Ok(());
        }
        let standing = if self.setup_waits(session) { ApprovalStanding::Needed } else { item.approval };
        match standing {
            ApprovalStanding::None | ApprovalStanding::Approved => Ok(()),
            standing @ (ApprovalStanding::Needed | ApprovalStanding::Pending | ApprovalStanding::Refused) => {
                Err(refused(&Refusal::ApprovalRequired { standing, note: None }))
            }
        }
    }

    /// Whether a setup was tapped that the server does not know of yet: it ends an approval.
    fn setup_waits(&self, session: &Session) -> bool {
        let setups = || self.statuses.iter().filter(|definition| definition.machine_state == MachineState::Setup);
        self.queue
            .iter()
            .filter(|entry| entry.draft.kind == Kind::Status && entry.draft.session == session.id)
            .any(|entry| setups().any(|setup| entry.draft.request.contains(&setup.id.to_string())))
    }

    /// A count.
    pub(super) async fn judge_quantities(
        &self,
        station: StationId,
        quantities: Option<&Quantities>,
    ) -> Result<(), CommandError> {
        let Some(quantities) = quantities else { return Ok(()) };
        let reason = match quantities.scrap_reason_id {
            Some(reason) => self.reason(station, ReasonType::Scrap, reason).await,
            None => None,
        };
        quantity::checked(quantities, reason).map(drop).map_err(|refusal| refused(&refusal))
    }

    /// A report.
    pub(super) async fn judge_report(&self, station: StationId, draft: &ReportDraft) -> Result<(), CommandError> {
        let kind = match draft.kind {
            ReportKind::Malfunction => ReasonType::Malfunction,
            ReportKind::General => ReasonType::General,
            ReportKind::Scrap => ReasonType::Scrap,
        };
        let reason = self.reason(station, kind, draft.reason_id).await;
        report::checked(draft, reason).map(drop).map_err(|refusal| refused(&refusal))
    }

    /// The choice of an item: its step has to be one of this station.
    pub(super) async fn judge_choice(&self, claim: &Claim, choice: &ItemChoice) -> Result<(), CommandError> {
        self.judge_quantities(claim.session.station_id, choice.quantities.as_ref()).await?;
        let is_it = |item: &&StationJobItem| item.id == choice.job_item_id && item.step_id == choice.step_id;
        if !self.items.is_empty() && !self.items.iter().any(|item| is_it(&item)) {
            let what = "This item is not one of this station. Choose one of the list.".to_owned();
            return Err(refused(&Refusal::StepNotAllowed { what }));
        }
        let session = self.expected(claim);
        if produces(&session) { self.judge_approval(&session, choice.step_id) } else { Ok(()) }
    }

    /// Working on no item: not while the machine produces.
    pub(super) fn judge_unbinding(&self, claim: &Claim) -> Result<(), CommandError> {
        if produces(&self.expected(claim)) { Err(refused(&Refusal::JobItemRequired)) } else { Ok(()) }
    }

    /// Asking for an approval: of the item in work.
    pub(super) fn judge_asking(&self, claim: &Claim) -> Result<(), CommandError> {
        if self.expected(claim).step_id.is_none() { Err(refused(&Refusal::JobItemRequired)) } else { Ok(()) }
    }

    /// An end: its count, and the station's list.
    pub(super) async fn judge_ending(&self, station: StationId, ending: &Ending) -> Result<(), CommandError> {
        self.judge_quantities(station, ending.quantities.as_ref()).await?;
        let lists: Option<StationChecklists> = self.store.recall(&checklists_of(station)).await.ok().flatten();
        let Some(list) = lists.and_then(|lists| lists.end) else { return Ok(()) };
        // Answers to a list that this kiosk has not seen are the server's to judge.
        if ending.checklist.as_ref().is_some_and(|given| given.checklist_id != list.id || given.version > list.version)
        {
            return Ok(());
        }
        checklist::check(&list, None, ending.checklist.as_ref()).map(drop).map_err(|refusal| refused(&refusal))
    }

    /// A reason of the station, or one that may be, because the list is not here.
    async fn reason(&self, station: StationId, kind: ReasonType, id: ReasonId) -> Option<Named> {
        match self.store.recall::<Vec<Reason>>(&reasons_of(station, kind)).await {
            Ok(Some(list)) => {
                list.into_iter().find(|known| known.id == id).map(|known| Named { id: known.id, labels: known.labels })
            }
            Ok(None) | Err(_) => Some(Named { id, labels: BTreeMap::new() }),
        }
    }
}

fn produces(session: &Session) -> bool {
    session.current_status.as_ref().is_some_and(|status| status.machine_state == MachineState::Production)
}
