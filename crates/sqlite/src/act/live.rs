//! Deeds of the owner: they change what is so now.

use super::undo;
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::action::{Action, mark_time, shift};
use millrace_domain::amendment::By;
use millrace_domain::deed::Deed;
use millrace_domain::session::addition::{Added, add, add_live};
use millrace_domain::session::bind::{self, Bound};
use millrace_domain::session::change_status::{self, Entering, change_status, present};
use millrace_domain::session::end::{self, Ending};
use millrace_domain::session::{Effect, Effects, Live, Moment, produces};
use millrace_domain::status::check_note;
use millrace_domain::storage::Result;
use millrace_domain::{Refusal, approval, call};
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::checklist::ChecklistMoment;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::CloseReason;
use millrace_protocol::time::Timestamp;

impl Tx {
    /// Does a deed of the owner; `at` is when it counts from.
    pub(super) async fn act_live(
        &mut self,
        action: &Action<Deed>,
        live: &Live,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<ActionAnswer> {
        let station = live.session.station_id;
        let shifted_to = shift(action.stamp.occurred_at, at);
        let mut answer = ActionAnswer { shifted_to, ..ActionAnswer::of(Outcome::Applied) };
        match &action.what {
            Deed::ChangeStatus(change) => {
                let definition = self.status_to_enter(station, change).await?;
                let bound = (live.session.job_item_id, live.session.step_id);
                self.may_produce(&definition, bound, station, at, moment).await?;
                let (quantities, report) = carried(&action.what);
                let made = (&live.event, at);
                let extras = self.extras(&live.session, made, quantities, report, action.kiosk).await?;
                let minor_stop_ms = self.minor_stop_ms(station, moment.policy).await?;
                let entering = Entering { definition: &definition, change, extras: &extras, minor_stop_ms };
                let (mut after, added, mut effects) = change_status(live, &entering, at, moment);
                mark_time(&mut effects, &mut after.event, &action.stamp, at);
                self.apply(effects).await?;
                answer.status_event = Some(after.event);
                answer.session = Some(after.session);
                said(&mut answer, added);
            }
            Deed::GiveReason { event, reason, note } => {
                let event = self.event_for_reason(*event, &live.session, *reason, note.as_deref()).await?;
                let (session, event, effects) =
                    change_status::give_reason(&live.session, &event, *reason, note.as_deref());
                self.apply(effects).await?;
                answer.session = Some(session);
                answer.status_event = Some(event);
            }
            Deed::Count(_) | Deed::Report(_) => {
                let added = self.added(action, live, at, moment).await?;
                let (session, effects) = add_live(&live.session, &added);
                self.apply(effects).await?;
                answer.session = Some(session);
                said(&mut answer, added);
            }
            Deed::Bind { item, step, .. } => {
                let (item, step) = self.bindable(*item, *step, station).await?;
                if produces(&live.event) {
                    self.approved(&step, station, at, moment).await?;
                }
                let added = self.added(action, live, at, moment).await?;
                let bound = Bound { item: &item, step: &step };
                let (mut after, mut effects) = bind::bind(live, Some(bound), &added, at, moment)?;
                mark_time(&mut effects, &mut after.event, &action.stamp, at);
                self.apply(effects).await?;
                answer.session = Some(after.session);
                answer.status_event = Some(after.event);
                said(&mut answer, added);
            }
            Deed::Correct { correction, note } => {
                let by = By::Worker { note: note.as_deref(), live: true };
                self.correct(&live.session, correction, by, moment).await?;
                answer.session = self.session(live.session.id).await?;
            }
            Deed::Unbind => {
                let (mut after, mut effects) = bind::bind(live, None, &Added::default(), at, moment)?;
                mark_time(&mut effects, &mut after.event, &action.stamp, at);
                self.apply(effects).await?;
                answer.session = Some(after.session);
                answer.status_event = Some(after.event);
            }
            Deed::Undo { undoes } => {
                let taken = self.take_back(action, *undoes, &live.session, (at, true), moment).await?;
                answer.session = Some(taken.session.clone());
                undo::told(&mut answer, taken);
            }
            Deed::AskApproval { .. } | Deed::Call { .. } | Deed::CancelCall(_) | Deed::StillHere => {
                self.request(&action.what, live, at, moment, &mut answer).await?;
            }
            // It is back already, by having come. That nobody has touched it stays said.
            Deed::Reopen => answer.session = Some(live.session.clone()),
            Deed::Complete { at: wished, checklist, .. } => {
                let at = wished.map_or(at, |ended| ended.min(at));
                let answered = self.answered_list(station, ChecklistMoment::End, checklist.as_ref()).await?;
                let added = self.added(action, live, at, moment).await?;
                let effects = end::close(live, Ending::completed(CloseReason::Completed, at), &added);
                self.end(action, live, effects, wished.unwrap_or(action.stamp.occurred_at), &mut answer).await?;
                if let Some(answered) = answered {
                    self.keep_checklist((live.session.id, live.epoch), ChecklistMoment::End, &answered, at).await?;
                }
                said(&mut answer, added);
            }
            Deed::Abandon => {
                let produced = self.produced(live).await?;
                let effects = end::abandon(live, produced, at)?;
                self.end(action, live, effects, action.stamp.occurred_at, &mut answer).await?;
            }
        }
        Ok(answer)
    }

    /// What the worker asks of a supervisor, and that he is still there.
    async fn request(
        &mut self,
        deed: &Deed,
        live: &Live,
        at: Timestamp,
        moment: &Moment<'_>,
        answer: &mut ActionAnswer,
    ) -> Result<()> {
        let session = &live.session;
        let (after, mut effects) = present(session);
        match deed {
            Deed::AskApproval { note } => {
                check_note(note.as_deref())?;
                let (Some(item), Some(step)) = (session.job_item_id, session.step_id) else {
                    return Err(Refusal::JobItemRequired.into());
                };
                let (_, step) = self.bindable(item, step, session.station_id).await?;
                let latest = self.approval_at(step.id, session.station_id, moment.now, moment.policy).await?;
                let (approval, new) = approval::ask(session, &step, latest, note.clone(), at, moment)?;
                if new {
                    effects.push(Effect::Approval { old: None, new: Box::new(approval.clone()) });
                }
                answer.approval = Some(approval);
            }
            Deed::Call { note } => {
                check_note(note.as_deref())?;
                let call = match self.calls_of(session.id).await?.into_iter().next() {
                    Some(waiting) => waiting,
                    None => {
                        let call = call::made(session, note.clone(), at, moment);
                        effects.push(Effect::Call { old: None, new: Box::new(call.clone()) });
                        call
                    }
                };
                answer.call = Some(call);
            }
            Deed::CancelCall(id) => {
                let waiting = self.calls_of(session.id).await?.into_iter().find(|call| call.id == *id);
                let none =
                    || Refusal::InvalidTransition { what: "This call is over already, or none of yours.".into() };
                let waiting = waiting.ok_or_else(none)?;
                let over = call::cancelled(&waiting, at)?;
                effects.push(Effect::Call { old: Some(Box::new(waiting)), new: Box::new(over.clone()) });
                answer.call = Some(over);
            }
            _ => {}
        }
        self.apply(effects).await?;
        answer.session = Some(after);
        Ok(())
    }

    /// The pieces and the report of a deed that changes no status.
    async fn added(&mut self, action: &Action<Deed>, live: &Live, at: Timestamp, moment: &Moment<'_>) -> Result<Added> {
        let (quantities, report) = carried(&action.what);
        let extras = self.extras(&live.session, (&live.event, at), quantities, report, action.kiosk).await?;
        Ok(add(&live.session, &live.event, &live.event, &extras, EntryKind::Count, at, moment))
    }

    /// Whether the machine produced in this session.
    pub(crate) async fn produced(&mut self, live: &Live) -> Result<bool> {
        sqlx::query_file_scalar!("queries/produced.sql", live.session.id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("asking whether something was produced")
    }

    async fn end(
        &mut self,
        action: &Action<Deed>,
        live: &Live,
        effects: Effects,
        wished: Timestamp,
        answer: &mut ActionAnswer,
    ) -> Result<()> {
        self.apply(effects).await?;
        // The ten minutes of a sign-in count from here.
        let (kiosk, now) = (action.kiosk.0, self.now.millis());
        sqlx::query_file!("queries/sign_in_touch.sql", kiosk, now)
            .execute(&mut self.conn)
            .await
            .during("touching a sign-in")?;
        answer.session = self.session(live.session.id).await?;
        // Never before its open event began: the row says what became of the wish.
        let at = answer.session.as_ref().and_then(|session| session.ended_at).unwrap_or(wished);
        answer.shifted_to = shift(wished, at);
        Ok(())
    }
}

/// The pieces and the report that a deed carries.
pub(super) fn carried(
    deed: &Deed,
) -> (Option<&millrace_protocol::quantity::Quantities>, Option<&millrace_protocol::report::ReportDraft>) {
    match deed {
        Deed::ChangeStatus(change) => (change.quantities.as_ref(), change.report.as_ref()),
        Deed::Count(quantities) => (Some(quantities), None),
        Deed::Report(report) => (None, Some(report)),
        Deed::Bind { quantities, .. } | Deed::Complete { quantities, .. } => (quantities.as_ref(), None),
        Deed::GiveReason { .. }
        | Deed::Unbind
        | Deed::AskApproval { .. }
        | Deed::Call { .. }
        | Deed::CancelCall(_)
        | Deed::StillHere
        | Deed::Reopen
        | Deed::Undo { .. }
        | Deed::Correct { .. }
        | Deed::Abandon => (None, None),
    }
}

/// Says in the answer what was added.
pub(super) fn said(answer: &mut ActionAnswer, added: Added) {
    answer.entry = added.entry;
    answer.reports = added.reports;
}
