//! What has to be known before a deed is done. Every refusal comes from here, before anything is written.

use crate::encoding::{from_json, word};
use crate::error::Context;
use crate::rows::StatusEventRow;
use crate::writer::Tx;
use millrace_domain::checklist::{self, Kept};
use millrace_domain::job::step_at;
use millrace_domain::quantity::{self, Reason};
use millrace_domain::session::addition::Extras;
use millrace_domain::session::{Moment, uncounted};
use millrace_domain::status::{self, StatusChange, check_note};
use millrace_domain::storage::Result;
use millrace_domain::{Policy, Refusal, approval, report};
use millrace_protocol::checklist::{ChecklistAnswers, ChecklistMoment};
use millrace_protocol::job::{JobItem, JobStep};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind};
use millrace_protocol::session::Session;
use millrace_protocol::status::{MachineState, ReasonType, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{JobItemId, KioskId, ReasonId, StationId, StatusEventId, StepId};

impl Tx {
    /// The definition of a status that may be entered like this.
    pub(super) async fn status_to_enter(
        &mut self,
        station: StationId,
        change: &StatusChange,
    ) -> Result<StatusDefinition> {
        let definition = self.status_by_id(change.definition, station).await?.ok_or(Refusal::StatusNotAllowed)?;
        let known = match change.reason {
            Some(reason) => self.reason(reason, station, ReasonType::Stop).await?.is_some(),
            None => false,
        };
        status::may_enter(&definition, change, known)?;
        Ok(definition)
    }

    /// Production needs an item whose step is at this station, and its first product approved where the step asks.
    pub(super) async fn may_produce(
        &mut self,
        definition: &StatusDefinition,
        bound: (Option<JobItemId>, Option<StepId>),
        station: StationId,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<()> {
        if definition.machine_state != MachineState::Production {
            return Ok(());
        }
        let (Some(item), Some(step)) = bound else { return Err(Refusal::JobItemRequired.into()) };
        let (_, step) = self.bindable(item, step, station).await?;
        self.approved(&step, station, at, moment).await
    }

    /// The first product of a step was approved at a moment, where the step asks for it.
    pub(crate) async fn approved(
        &mut self,
        step: &JobStep,
        station: StationId,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<()> {
        if !step.first_product_approval {
            return Ok(());
        }
        let asked = self.approval_at(step.id, station, at, moment.policy).await?;
        Ok(approval::may_produce(step, asked.as_ref(), at, moment.policy)?)
    }

    /// An item and its step, where it may be worked on at this station.
    pub(crate) async fn bindable(
        &mut self,
        item: JobItemId,
        step: StepId,
        station: StationId,
    ) -> Result<(JobItem, JobStep)> {
        let Some((item, _)) = self.item(item).await? else {
            let what = "There is no such item. Reload the list of items.".into();
            return Err(Refusal::StepNotAllowed { what }.into());
        };
        let step = step_at(&item, step, station)?.clone();
        Ok((item, step))
    }

    /// Below which length a stop at a station asks nothing.
    pub(crate) async fn minor_stop_ms(&mut self, station: StationId, policy: &Policy) -> Result<u64> {
        let own = self.station_snapshot(station).await?.and_then(|station| station.minor_stop_ms);
        Ok(own.unwrap_or(policy.minor_stop_ms))
    }

    /// What comes with an action, checked. Its pieces were made in the given stretch, and are counted at the moment.
    pub(super) async fn extras(
        &mut self,
        session: &Session,
        (made_in, at): (&StatusEvent, Timestamp),
        quantities: Option<&Quantities>,
        report: Option<&ReportDraft>,
        kiosk: KioskId,
    ) -> Result<Extras> {
        let station = session.station_id;
        let counted = match quantities {
            Some(quantities) => Some(self.counted(station, quantities).await?),
            None => None,
        };
        let filed = match report {
            Some(draft) => {
                let kind = match draft.kind {
                    ReportKind::Malfunction => ReasonType::Malfunction,
                    ReportKind::General => ReasonType::General,
                    ReportKind::Scrap => ReasonType::Scrap,
                };
                let reason = self.reason(draft.reason_id, station, kind).await?;
                let filed = report::checked(draft, reason)?;
                self.names_own_pictures(draft).await?;
                Some(filed)
            }
            None => None,
        };
        let others_missing = counted.is_some() && self.others_missing(session, made_in.step_id, at).await?;
        Ok(Extras { counted, filed, kiosk: Some(kiosk), others_missing })
    }

    /// A picture belongs to one report: whoever named another's could send it first, and the other's would never come.
    async fn names_own_pictures(&mut self, draft: &ReportDraft) -> Result<()> {
        for image in &draft.image_ids {
            let is_taken = sqlx::query_file_scalar!("queries/image_named.sql", image.0)
                .fetch_one(&mut self.conn)
                .await
                .during("asking whose a picture is")?;
            if is_taken {
                let what = "Another report names this picture. Give each picture an id of its own.".to_owned();
                return Err(Refusal::Conflict { what }.into());
            }
        }
        Ok(())
    }

    /// Whether production of a session stays uncounted once pieces of this step are counted.
    pub(crate) async fn others_missing(
        &mut self,
        session: &Session,
        step: Option<StepId>,
        at: Timestamp,
    ) -> Result<bool> {
        // Rare enough to read the session's past for it.
        Ok(session.count_missing && uncounted::stays(&self.past(session.id).await?.uncounted(), step, at))
    }

    /// A count, checked.
    pub(crate) async fn counted(&mut self, station: StationId, quantities: &Quantities) -> Result<quantity::Counted> {
        let reason = match quantities.scrap_reason_id {
            Some(reason) => self.reason(reason, station, ReasonType::Scrap).await?,
            None => None,
        };
        Ok(quantity::checked(quantities, reason)?)
    }

    /// A station's list, answered as it has to be; none where the station has none.
    pub(crate) async fn answered_list(
        &mut self,
        station: StationId,
        moment: ChecklistMoment,
        given: Option<&ChecklistAnswers>,
    ) -> Result<Option<Kept>> {
        // What was answered to a list that is gone meanwhile is no reason to refuse.
        let Some(list) = self.checklist_of(station, moment).await? else { return Ok(None) };
        let asked = match given {
            Some(given) => self.checklist_version(given.checklist_id, given.version).await?,
            None => None,
        };
        Ok(Some(checklist::check(&list, asked.as_deref(), given)?))
    }

    /// A status event of a session that may get this reason.
    pub(super) async fn event_for_reason(
        &mut self,
        event: StatusEventId,
        session: &Session,
        reason: ReasonId,
        note: Option<&str>,
    ) -> Result<StatusEvent> {
        check_note(note)?;
        if self.reason(reason, session.station_id, ReasonType::Stop).await?.is_none() {
            return Err(Refusal::ReasonRequired.into());
        }
        let row = sqlx::query_file_as!(StatusEventRow, "queries/status_event.sql", event.0, session.id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a status event")?;
        let not_its_own = || Refusal::InvalidTransition {
            what: "This status event is not one of this session. Choose one of its own.".into(),
        };
        row.ok_or_else(not_its_own)?.event()
    }

    /// A reason of one type, where the station has it.
    pub(crate) async fn reason(
        &mut self,
        reason: ReasonId,
        station: StationId,
        kind: ReasonType,
    ) -> Result<Option<Reason>> {
        let kind = word(kind)?;
        let row = sqlx::query_file!("queries/reason_of_station.sql", reason.0, station.0, kind)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a reason")?;
        row.map(|row| Ok(Reason { id: ReasonId(row.id), labels: from_json(&row.labels)? })).transpose()
    }
}
