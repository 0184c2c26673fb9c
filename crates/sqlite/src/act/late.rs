//! Deeds of a former owner, inside its own time: they write history. Current status, open event and owner never
//! change; ledger, totals and reports do.

use super::live::{carried, said};
use super::undo;
use crate::writer::Tx;
use millrace_domain::Refusal;
use millrace_domain::action::{Action, mark_time, shift};
use millrace_domain::amendment::By;
use millrace_domain::deed::Deed;
use millrace_domain::session::addition::{add, add_late};
use millrace_domain::session::bind::{self, Bound};
use millrace_domain::session::change_status::{self, Entering, change_status_late};
use millrace_domain::session::{Moment, produces};
use millrace_domain::storage::Result;
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::checklist::ChecklistMoment;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;

impl Tx {
    /// Does a late deed. `covering` is the stretch of its epoch that covers its moment; none: it lies outside.
    pub(super) async fn act_late(
        &mut self,
        action: &Action<Deed>,
        session: &Session,
        covering: Option<&StatusEvent>,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<Option<ActionAnswer>> {
        let station = session.station_id;
        let shifted_to = shift(action.stamp.occurred_at, at);
        let mut answer = ActionAnswer { shifted_to, ..ActionAnswer::of(Outcome::Late) };
        let (quantities, report) = carried(&action.what);
        match &action.what {
            Deed::GiveReason { event, reason, note } => {
                let event = self.event_for_reason(*event, session, *reason, note.as_deref()).await?;
                if event.epoch != action.stamp.epoch {
                    return Ok(None);
                }
                let (event, effects) = change_status::give_reason_late(&event, *reason, note.as_deref());
                self.apply(effects).await?;
                answer.status_event = Some(event);
            }
            Deed::ChangeStatus(change) => {
                let definition = self.status_to_enter(station, change).await?;
                let Some(covering) = covering else { return Ok(None) };
                let bound = (covering.job_item_id, covering.step_id);
                self.may_produce(&definition, bound, station, at, moment).await?;
                let extras = self.extras(session, (covering, at), quantities, report, action.kiosk).await?;
                let entering = Entering { definition: &definition, change, extras: &extras, minor_stop_ms: 0 };
                let (mut event, added, mut effects) = change_status_late(session, covering, &entering, at, moment);
                mark_time(&mut effects, &mut event, &action.stamp, at);
                self.apply(effects).await?;
                answer.status_event = Some(event);
                said(&mut answer, added);
            }
            Deed::Bind { .. } | Deed::Unbind => {
                let Some(covering) = covering else { return Ok(None) };
                if matches!(action.what, Deed::Unbind) && produces(covering) {
                    return Err(Refusal::JobItemRequired.into());
                }
                let extras = self.extras(session, (covering, at), quantities, None, action.kiosk).await?;
                let added = add(session, covering, covering, &extras, EntryKind::Count, at, moment);
                let (mut event, mut effects) = match action.what {
                    Deed::Bind { item, step, .. } => {
                        let (item, step) = self.bindable(item, step, station).await?;
                        if produces(covering) {
                            self.approved(&step, station, at, moment).await?;
                        }
                        bind::bind_late(covering, Some(Bound { item: &item, step: &step }), at, moment)
                    }
                    _ => bind::bind_late(covering, None, at, moment),
                };
                mark_time(&mut effects, &mut event, &action.stamp, at);
                let is_left = produces(covering) && event.step_id != covering.step_id;
                effects.extend(add_late(session, &added, is_left));
                self.apply(effects).await?;
                answer.status_event = Some(event);
                said(&mut answer, added);
            }
            // Ended or taken over by somebody else: nothing is left to end, but what was counted counts, and what was
            // answered is kept. A list that was not asked for any more is not missed.
            Deed::Count(_) | Deed::Report(_) | Deed::Complete { .. } => {
                let answered = match &action.what {
                    Deed::Complete { checklist: Some(given), .. } => {
                        self.answered_list(station, ChecklistMoment::End, Some(given)).await?
                    }
                    _ => None,
                };
                if quantities.is_some() || report.is_some() {
                    let Some(covering) = covering else { return Ok(None) };
                    let extras = self.extras(session, (covering, at), quantities, report, action.kiosk).await?;
                    let added = add(session, covering, covering, &extras, EntryKind::Count, at, moment);
                    self.apply(add_late(session, &added, false)).await?;
                    said(&mut answer, added);
                }
                let confirms = matches!(action.what, Deed::Complete { .. }) && session.provisional;
                // Its last owner says when it ended, and that is final; one before him has no say in what came after.
                if confirms && self.owner(session).await?.epoch == action.stamp.epoch {
                    let session = self.session(session.id).await?.ok_or(Refusal::SessionNotFound)?;
                    self.move_end(session, at, at, true, moment).await?;
                }
                if let Some(answered) = answered {
                    let owner = (session.id, action.stamp.epoch);
                    self.keep_checklist(owner, ChecklistMoment::End, &answered, at).await?;
                }
            }
            Deed::Correct { correction, note } => {
                if !self.was_of(session, action.stamp.epoch, correction).await? {
                    return Ok(None);
                }
                let by = By::Worker { note: note.as_deref(), live: false };
                self.correct(session, correction, by, moment).await?;
            }
            Deed::Undo { undoes } => {
                let taken = self.take_back(action, *undoes, session, (at, false), moment).await?;
                undo::told(&mut answer, taken);
            }
            // They were about that moment, which is over.
            Deed::Reopen
            | Deed::AskApproval { .. }
            | Deed::Call { .. }
            | Deed::CancelCall(_)
            | Deed::StillHere
            | Deed::Abandon => {}
        }
        Ok(Some(answer))
    }
}
