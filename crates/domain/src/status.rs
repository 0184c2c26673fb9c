//! Statuses: the four protected ones, and what a change of status asks for.

use crate::{Policy, Refusal};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind};
use millrace_protocol::status::{ReasonWanted, ReportType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ReasonId, StatusDefinitionId};

/// Found by key, never by label: the machine makes parts.
pub const PRODUCTION: &str = "production";
/// The machine stands; a session starts in it.
pub const STOP: &str = "stop";
/// The machine is broken.
pub const MALFUNCTION: &str = "malfunction";
/// None of the plant's own.
pub const OTHER: &str = "other";
/// The keys that can't be removed.
pub const PROTECTED: [&str; 4] = [PRODUCTION, STOP, MALFUNCTION, OTHER];

/// The longest note a worker can leave, in characters.
pub const NOTE_MAX: usize = 500;

/// What a worker asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The status the machine is in from now on.
    pub definition: StatusDefinitionId,
    /// Why.
    pub reason: Option<ReasonId>,
    /// What he adds.
    pub note: Option<String>,
    /// What production had made, where it is left.
    pub quantities: Option<Quantities>,
    /// The report that the status wants.
    pub report: Option<ReportDraft>,
}

impl StatusChange {
    /// A change that says no more than which status.
    #[must_use]
    pub fn to(definition: StatusDefinitionId) -> Self {
        Self { definition, reason: None, note: None, quantities: None, report: None }
    }
}

/// Checks that a status may be entered like this. `reason_known` says whether the given reason is one of the station's.
///
/// # Errors
/// [`Refusal::ReportRequired`], [`Refusal::ReasonRequired`], or [`Refusal::Invalid`] for a note that is too long.
pub fn may_enter(definition: &StatusDefinition, change: &StatusChange, reason_known: bool) -> Result<(), Refusal> {
    check_note(change.note.as_deref())?;
    let reported = change.report.as_ref().map(|report| report.kind);
    match (definition.report_type, reported) {
        (ReportType::None, None)
        | (ReportType::Malfunction, Some(ReportKind::Malfunction))
        | (ReportType::General, Some(ReportKind::General)) => {}
        (ReportType::None, Some(_)) => {
            return Err(Refusal::Invalid {
                what: "This status wants no report. Send the report by itself: POST /api/reports.".into(),
            });
        }
        (ReportType::Malfunction | ReportType::General, _) => return Err(Refusal::ReportRequired),
    }
    match change.reason {
        Some(_) if !reason_known => Err(Refusal::ReasonRequired),
        None if definition.reason_wanted == ReasonWanted::Now => Err(Refusal::ReasonRequired),
        _ => Ok(()),
    }
}

/// A note that may be missing, as it is kept; blanks alone are none.
///
/// # Errors
/// As [`check_note`].
pub fn note_if_any(note: Option<&str>) -> Result<Option<String>, Refusal> {
    check_note(note)?;
    Ok(note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned))
}

/// From when on a stretch that began at `from` without a reason lacks one: a short stop asks nothing.
#[must_use]
pub fn reason_missing_from(
    definition: &StatusDefinition,
    reason: Option<ReasonId>,
    from: Timestamp,
    grace_ms: u64,
) -> Option<Timestamp> {
    let wanted = definition.reason_wanted != ReasonWanted::Never && reason.is_none();
    wanted.then(|| from.plus_millis(Policy::signed(grace_ms)))
}

/// Checks a note.
///
/// # Errors
/// [`Refusal::Invalid`] when it is too long, or holds a NUL: not every database can keep one.
pub fn check_note(note: Option<&str>) -> Result<(), Refusal> {
    if note.is_some_and(|n| n.contains('\0')) {
        return Err(Refusal::Invalid { what: "The note holds a NUL character. Take it out.".into() });
    }
    if note.is_some_and(|n| n.chars().count() > NOTE_MAX) {
        return Err(Refusal::Invalid { what: format!("The note is longer than {NOTE_MAX} characters. Shorten it.") });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{definition, id};

    fn change(reason: Option<u8>) -> StatusChange {
        let reason = reason.map(|r| ReasonId(id(r)));
        StatusChange { reason, ..StatusChange::to(StatusDefinitionId(id(9))) }
    }

    #[test]
    fn a_reason_is_asked_for_only_where_it_is_wanted_at_once() {
        let mut wants = definition(STOP);
        for (wanted, refused) in [(ReasonWanted::Never, false), (ReasonWanted::Later, false), (ReasonWanted::Now, true)]
        {
            wants.reason_wanted = wanted;
            assert_eq!(may_enter(&wants, &change(None), false).is_err(), refused, "{wanted:?}");
            assert_eq!(may_enter(&wants, &change(Some(1)), true), Ok(()));
        }
    }

    #[test]
    fn a_reason_of_another_station_is_refused() {
        assert_eq!(may_enter(&definition(STOP), &change(Some(1)), false), Err(Refusal::ReasonRequired));
    }

    #[test]
    fn a_status_that_wants_a_report_is_refused_without_one() {
        let mut wants = definition(MALFUNCTION);
        wants.report_type = ReportType::Malfunction;
        assert_eq!(may_enter(&wants, &change(None), false), Err(Refusal::ReportRequired));
        let mut reported = change(None);
        for (kind, enough) in [(ReportKind::Malfunction, true), (ReportKind::General, false)] {
            let report = ReportDraft { kind, reason_id: ReasonId(id(1)), description: None, image_ids: vec![] };
            reported.report = Some(report);
            assert_eq!(may_enter(&wants, &reported, false).is_ok(), enough, "{kind:?}");
        }
        assert!(may_enter(&definition(STOP), &reported, false).is_err(), "a report where none is wanted");
    }

    #[test]
    fn a_note_is_counted_in_characters_not_bytes() {
        let mut with_note = change(None);
        with_note.note = Some("ש".repeat(NOTE_MAX));
        assert_eq!(may_enter(&definition(STOP), &with_note, false), Ok(()));
        with_note.note = Some("ש".repeat(NOTE_MAX + 1));
        assert!(matches!(may_enter(&definition(STOP), &with_note, false), Err(Refusal::Invalid { .. })));
    }

    #[test]
    fn a_note_holds_lines_and_any_letters_but_no_nul() {
        assert_eq!(check_note(Some("Spindle\n\t\u{202b}רעש 🔧")), Ok(()));
        assert!(matches!(check_note(Some("a\0b")), Err(Refusal::Invalid { .. })));
    }
}
