//! The session as it will be once what waits was applied: what a worker tapped shows at once. Pure.
//!
//! It follows the rules of the trade as far as they show on a screen; the session the server answers with replaces it.

use crate::outbox::{Offset, told};
use crate::store::{Entry, Kind};
use millrace_domain::quantity::{self, Counted, Reason};
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind};
use millrace_protocol::session::Session;
use millrace_protocol::status::{CurrentStatus, MachineState, StatusDefinition};
use millrace_protocol::{JobItemId, StatusDefinitionId, StepId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is known of the station, to read an entry by.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// Its statuses.
    pub statuses: &'k [StatusDefinition],
    /// What can be made there.
    pub items: &'k [StationJobItem],
    /// The server's clock.
    pub offset: Offset,
    /// The boot we run in.
    pub boot: Option<&'k str>,
}

/// The session with everything on top that waits for it.
#[must_use]
pub fn on_top<'a>(session: &Session, waiting: impl Iterator<Item = &'a Entry>, known: Known<'_>) -> Session {
    let id = session.id;
    let mut session = session.clone();
    for entry in waiting.filter(|entry| entry.draft.session == id) {
        // What can't be read is for the sender to say.
        let Ok(request) = serde_json::from_str::<Value>(&entry.draft.request) else { continue };
        apply(&mut session, entry, &request, known);
    }
    session
}

fn apply(session: &mut Session, entry: &Entry, request: &Value, known: Known<'_>) {
    let counted = member::<Quantities>(request, "quantities").as_ref().and_then(pieces);
    let produced = produces(session);
    match entry.draft.kind {
        Kind::Status => {
            let wanted = member::<StatusDefinitionId>(request, "statusDefinitionId");
            let Some(definition) = known.statuses.iter().find(|definition| Some(definition.id) == wanted) else {
                return;
            };
            session.current_status_id = Some(definition.id);
            session.current_status = Some(CurrentStatus::from(definition));
            // Never before the one it follows: a clock that was learnt in between may have moved.
            let of_its_boot = known.offset.boot.filter(|_| entry.draft.boot_id.as_deref() == known.boot);
            let (at, _) = told(&entry.draft, known.offset, of_its_boot);
            session.last_status_change_at = at.max(session.last_status_change_at);
            session.count_missing |= produced && !produces(session);
        }
        Kind::Bind => {
            let step = member::<StepId>(request, "stepId");
            session.count_missing |= produced && session.step_id != step;
            let item = known.items.iter().find(|item| Some(item.step_id) == step);
            session.step_id = step;
            session.job_item_id = member::<JobItemId>(request, "jobItemId");
            session.job_id = item.map(|item| item.job_id);
            session.job_number = item.map(|item| item.job_number.clone());
            session.job_item_name = item.map(|item| item.name.clone());
        }
        Kind::Unbind => {
            session.step_id = None;
            session.job_item_id = None;
            session.job_id = None;
            session.job_number = None;
            session.job_item_name = None;
        }
        Kind::Undo => {
            let Some(undone) = &entry.draft.undoes else { return };
            *session = Session { version: session.version, contact: session.contact, ..(*undone.before).clone() };
        }
        Kind::Count
        | Kind::Report
        | Kind::Reason
        | Kind::Approval
        | Kind::Call
        | Kind::CancelCall
        | Kind::Here
        | Kind::Complete
        | Kind::Abandon
        | Kind::Open
        | Kind::HandOver
        | Kind::Reopen => {}
    }
    if let Some(counted) = counted {
        session.totals.good += counted.good;
        session.totals.scrap += counted.scrap;
        session.count_missing = false;
    }
    if member::<ReportDraft>(request, "report").is_some_and(|report| report.kind == ReportKind::Malfunction) {
        session.malfunction_count += 1;
    }
    // A tap is a hand at the kiosk.
    session.asked_at = None;
}

fn produces(session: &Session) -> bool {
    session.current_status.as_ref().is_some_and(|status| status.machine_state == MachineState::Production)
}

/// The pieces of a count that was judged before it was saved.
fn pieces(quantities: &Quantities) -> Option<Counted> {
    let reason = quantities.scrap_reason_id.map(|id| Reason { id, labels: BTreeMap::new() });
    quantity::checked(quantities, reason).ok()
}

fn member<T: DeserializeOwned>(request: &Value, name: &str) -> Option<T> {
    serde_json::from_value(request.get(name)?.clone()).ok()
}
