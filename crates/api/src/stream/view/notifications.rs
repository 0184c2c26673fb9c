//! What a supervisor has yet to acknowledge. Each is derived from one row: a report, a call, an approval, a
//! quarantined action, a session whose pieces nobody counted.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::{Change, Pair, Row};
use millrace_domain::storage::{Result, Unacknowledged};
use millrace_protocol::floor::{Approval, ApprovalState, Call, CallState, QuarantineEntry};
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::session::Session;
use millrace_protocol::stream::{Notification, NotificationChanged, NotificationGone, NotificationKind};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct Notifications;

#[derive(Serialize)]
struct Members<'a> {
    notifications: Vec<&'a Notification>,
}

/// What a row asks of a supervisor, if anything.
trait Asks {
    fn asks(&self) -> Option<Notification>;
}

impl Asks for Report {
    fn asks(&self) -> Option<Notification> {
        let open = self.kind == ReportKind::Malfunction && self.state == ReportState::Open;
        open.then(|| Notification {
            id: self.id.0,
            kind: NotificationKind::Malfunction,
            since: self.occurred_at,
            escalated_at: None,
            seen_at: None,
            station_id: Some(self.station_id),
            station_code: Some(self.station_code.clone()),
            station_name: Some(self.station_name.clone()),
            worker_name: Some(self.worker_name.clone()),
            session_id: Some(self.session_id),
            labels: self.reason_labels.clone(),
            text: self.description.clone(),
        })
    }
}

impl Asks for Call {
    fn asks(&self) -> Option<Notification> {
        (self.state == CallState::Open).then(|| Notification {
            id: self.id.0,
            kind: NotificationKind::Call,
            since: self.made_at,
            escalated_at: self.escalated_at,
            seen_at: self.seen_at,
            station_id: Some(self.station_id),
            station_code: Some(self.station_code.clone()),
            station_name: Some(self.station_name.clone()),
            worker_name: Some(self.worker_name.clone()),
            session_id: Some(self.session_id),
            labels: None,
            text: self.note.clone(),
        })
    }
}

impl Asks for Approval {
    fn asks(&self) -> Option<Notification> {
        (self.state == ApprovalState::Pending).then(|| Notification {
            id: self.id.0,
            kind: NotificationKind::Approval,
            since: self.asked_at,
            escalated_at: self.escalated_at,
            seen_at: self.seen_at,
            station_id: Some(self.station_id),
            station_code: Some(self.station_code.clone()),
            station_name: Some(self.station_name.clone()),
            worker_name: Some(self.worker_name.clone()),
            session_id: Some(self.session_id),
            labels: None,
            text: Some(format!("{} · {}", self.job_number, self.job_item_name)),
        })
    }
}

impl Asks for QuarantineEntry {
    fn asks(&self) -> Option<Notification> {
        self.decision.is_none().then(|| Notification {
            id: self.id.0,
            kind: NotificationKind::Quarantine,
            since: self.at,
            escalated_at: None,
            seen_at: None,
            station_id: None,
            station_code: None,
            station_name: self.station_name.clone(),
            worker_name: self.worker_name.clone(),
            session_id: Some(self.session_id),
            labels: None,
            text: Some(self.reason.clone()),
        })
    }
}

impl Asks for Session {
    fn asks(&self) -> Option<Notification> {
        // When it really ended comes first: the count may come with it.
        let kind = match (self.provisional, self.count_missing) {
            (true, _) => NotificationKind::Provisional,
            (false, true) => NotificationKind::MissingCount,
            (false, false) => return None,
        };
        Some(Notification {
            id: self.id.0,
            kind,
            // While a session is open its worker may still count.
            since: self.ended_at.unwrap_or(self.last_status_change_at),
            escalated_at: None,
            seen_at: None,
            station_id: Some(self.station_id),
            station_code: Some(self.station_code.clone()),
            station_name: Some(self.station_name.clone()),
            worker_name: Some(self.worker_name.clone()),
            session_id: Some(self.id),
            labels: None,
            text: self.job_item_name.clone(),
        })
    }
}

/// What these rows ask.
pub(in crate::stream) fn asked(rows: &Unacknowledged) -> impl Iterator<Item = Notification> {
    fn of<T: Asks>(rows: &[T]) -> impl Iterator<Item = Notification> {
        rows.iter().filter_map(Asks::asks)
    }
    let Unacknowledged { malfunctions, calls, approvals, quarantine, unsettled } = rows;
    of(malfunctions).chain(of(calls)).chain(of(approvals)).chain(of(quarantine)).chain(of(unsettled))
}

/// What a changed row asked before, and what it asks now.
pub(in crate::stream) fn told(change: &Change) -> (Option<Notification>, Option<Notification>) {
    match &change.row {
        Row::Reports { report, .. } => pair(report),
        Row::Calls(call) => pair(call),
        Row::Approvals(approval) => pair(approval),
        Row::Quarantine(entry) => pair(entry),
        Row::Sessions { old, new, .. } => (old.as_ref().and_then(|old| old.asks()), new.asks()),
        _ => (None, None),
    }
}

fn pair<T: Asks>(pair: &Pair<T>) -> (Option<Notification>, Option<Notification>) {
    (pair.old.as_ref().and_then(|old| old.asks()), pair.new.as_ref().and_then(|new| new.asks()))
}

#[async_trait]
impl View for Notifications {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        Ok(hub.pictured(|picture| Taken::new(picture.at(), &Members { notifications: picture.notices() })).await)
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let offset = change.offset;
        let event = match told(change) {
            (None, Some(notification)) => Event::new("insert", &NotificationChanged { offset, notification }),
            (Some(before), Some(notification)) if before != notification => {
                Event::new("update", &NotificationChanged { offset, notification })
            }
            (Some(before), None) => Event::new("delete", &NotificationGone { offset, id: before.id }),
            (Some(_), Some(_)) | (None, None) => return Vec::new(),
        };
        vec![event]
    }
}
