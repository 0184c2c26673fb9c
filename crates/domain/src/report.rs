//! Reports: what a worker may report, and how a report goes from state to state.

use crate::Refusal;
use crate::quantity::{Counted, Reason};
use crate::session::Moment;
use millrace_protocol::report::{Report, ReportDraft, ReportImage, ReportKind, ReportState};
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ImageId, ReportId};

/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 2_000;
/// The most pictures of one report.
pub const IMAGES_MAX: usize = 5;

/// A report that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// What the worker wrote.
    pub draft: ReportDraft,
    /// Its reason, as it is named now.
    pub reason: Reason,
}

/// Checks a worker's report. `reason` is the reason it names, where the station has it for this type.
///
/// # Errors
/// [`Refusal::ReasonRequired`] for a reason that is not one of the station's,
/// [`Refusal::Invalid`] for a scrap report without its count, and for what is too long or too much.
pub fn checked(draft: &ReportDraft, reason: Option<Reason>) -> Result<Filed, Refusal> {
    let invalid = |what: String| Err(Refusal::Invalid { what });
    if draft.kind == ReportKind::Scrap {
        return invalid("A scrap report comes with its count. Report the scrap under `quantities`.".into());
    }
    let description = draft.description.as_deref().unwrap_or_default();
    if description.contains('\0') {
        return invalid("The description holds a NUL character. Take it out.".into());
    }
    if description.chars().count() > DESCRIPTION_MAX {
        return invalid(format!("The description is longer than {DESCRIPTION_MAX} characters. Shorten it."));
    }
    if draft.image_ids.len() > IMAGES_MAX {
        return invalid(format!("A report has at most {IMAGES_MAX} pictures. Leave some out."));
    }
    let mut seen = draft.image_ids.clone();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() != draft.image_ids.len() {
        return invalid("A picture is named twice. Name each once.".into());
    }
    let reason = reason.ok_or(Refusal::ReasonRequired)?;
    Ok(Filed { draft: draft.clone(), reason })
}

/// The report a worker made, on the stretch it belongs to.
#[must_use]
pub fn filed(session: &Session, stretch: &StatusEvent, filed: &Filed, at: Timestamp, moment: &Moment<'_>) -> Report {
    let state = match filed.draft.kind {
        ReportKind::Malfunction => ReportState::Open,
        ReportKind::General | ReportKind::Scrap => ReportState::New,
    };
    Report {
        kind: filed.draft.kind,
        state,
        reason_id: Some(filed.reason.id),
        reason_labels: Some(filed.reason.labels.clone()),
        description: filed.draft.description.clone(),
        images: filed.draft.image_ids.iter().map(|&id| ReportImage { id, arrived: false }).collect(),
        ..blank(session, stretch, at, moment)
    }
}

/// The report that scrap makes.
#[must_use]
pub fn of_scrap(
    session: &Session,
    stretch: &StatusEvent,
    counted: &Counted,
    at: Timestamp,
    moment: &Moment<'_>,
) -> Option<Report> {
    (counted.scrap > 0).then(|| Report {
        reason_id: counted.reason.as_ref().map(|reason| reason.id),
        reason_labels: counted.reason.as_ref().map(|reason| reason.labels.clone()),
        description: counted.note.clone(),
        scrap: counted.scrap,
        ..blank(session, stretch, at, moment)
    })
}

fn blank(session: &Session, stretch: &StatusEvent, at: Timestamp, moment: &Moment<'_>) -> Report {
    Report {
        id: ReportId(moment.chance.uuid(moment.now)),
        kind: ReportKind::Scrap,
        state: ReportState::New,
        station_id: session.station_id,
        station_code: session.station_code.clone(),
        station_name: session.station_name.clone(),
        session_id: session.id,
        worker_id: session.worker_id,
        worker_name: session.worker_name.clone(),
        status_event_id: Some(stretch.id),
        job_item_id: stretch.job_item_id,
        job_item_name: stretch.job_item_name.clone(),
        reason_id: None,
        reason_labels: None,
        description: None,
        scrap: 0,
        images: vec![],
        occurred_at: at,
        changed_at: moment.now,
        changed_by: None,
        version: 1,
    }
}

/// Whether a report may go from one state to another.
///
/// # Errors
/// [`Refusal::InvalidTransition`], naming what is possible from here.
pub fn may_become(kind: ReportKind, from: ReportState, to: ReportState) -> Result<(), Refusal> {
    use ReportState::{Approved, Known, New, Open, Solved, Withdrawn};
    let possible: &[ReportState] = match (kind, from) {
        (ReportKind::Malfunction, Open) => &[Known, Solved],
        (ReportKind::Malfunction, Known) => &[Solved],
        (ReportKind::Malfunction, Solved) => &[Open],
        (ReportKind::General | ReportKind::Scrap, New) => &[Approved],
        (ReportKind::Malfunction, New | Approved | Withdrawn)
        | (ReportKind::General | ReportKind::Scrap, Open | Known | Solved | Approved | Withdrawn) => &[],
    };
    if possible.contains(&to) {
        return Ok(());
    }
    let said = if possible.is_empty() {
        "nothing more can be done with it".to_owned()
    } else {
        format!(
            "it can become {}",
            possible.iter().map(|state| format!("{state:?}").to_lowercase()).collect::<Vec<_>>().join(" or ")
        )
    };
    Err(Refusal::InvalidTransition {
        what: format!("This report is {}; {said}. Reload it.", format!("{from:?}").to_lowercase()),
    })
}

/// The report in another state, by a user.
///
/// # Errors
/// As [`may_become`].
pub fn moved(report: &Report, to: ReportState, by: &str, at: Timestamp) -> Result<Report, Refusal> {
    may_become(report.kind, report.state, to)?;
    Ok(Report {
        state: to,
        changed_at: at,
        changed_by: Some(by.to_owned()),
        version: report.version + 1,
        ..report.clone()
    })
}

/// The report with one of its pictures there. That is no change anybody made: its version stays, so that whoever is
/// about to decide on it needs not look again.
#[must_use]
pub fn illustrated(report: &Report, image: ImageId) -> Report {
    let mut report = report.clone();
    for known in report.images.iter_mut().filter(|known| known.id == image) {
        known.arrived = true;
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use ReportState::{Approved, Known, New, Open, Solved, Withdrawn};

    const ALL: [ReportState; 6] = [Open, Known, Solved, New, Approved, Withdrawn];

    fn ways(kind: ReportKind) -> Vec<(ReportState, ReportState)> {
        let pairs = ALL.iter().flat_map(|&from| ALL.iter().map(move |&to| (from, to)));
        pairs.filter(|&(from, to)| may_become(kind, from, to).is_ok()).collect()
    }

    #[test]
    fn a_malfunction_is_known_solved_and_opened_again() {
        assert_eq!(ways(ReportKind::Malfunction), [(Open, Known), (Open, Solved), (Known, Solved), (Solved, Open)]);
    }

    #[test]
    fn a_general_or_scrap_report_is_approved_once() {
        assert_eq!(ways(ReportKind::General), [(New, Approved)]);
        assert_eq!(ways(ReportKind::Scrap), [(New, Approved)]);
    }
}
