//! Statuses and reasons as they are managed: what makes a good one, what may become of one that is used.

use crate::draft::invalid;
use crate::status::{PROTECTED, STOP};
use crate::{Refusal, colour, labels};
use millrace_protocol::catalogue::{Deletion, ManagedReason, ManagedStatus, ReasonDraft, StatusDraft};
use millrace_protocol::status::{MachineState, TimeClass};

/// The longest key, in characters.
const KEY_MAX: usize = 40;
/// The last place in a list.
const POSITION_MAX: u32 = 9_999;

/// The draft of a status as it is stored: texts trimmed, blank labels left out, the colour in capitals.
///
/// # Errors
/// [`Refusal::Invalid`] saying what is wrong with it.
pub fn status(draft: &StatusDraft) -> Result<StatusDraft, Refusal> {
    if !is_key(&draft.key) {
        return Err(invalid(format!(
            "`key` is a small letter, then small letters, digits, `-` or `_`, {KEY_MAX} at most. Change it."
        )));
    }
    if draft.station_id.is_some() && PROTECTED.contains(&draft.key.as_str()) {
        return Err(invalid(format!("Every station has `{}`. Choose another `key` for a station's own.", draft.key)));
    }
    if !fits(draft.machine_state, draft.time_class) {
        return Err(invalid(
            "`timeClass` does not fit `machineState`: production counts as production, setup as setup, a stoppage as \
             plannedStop or unplannedStop. Change one of both.",
        ));
    }
    check_position(draft.position)?;
    let color = colour::of_status(&draft.color)?.to_string();
    Ok(StatusDraft { labels: labels::labels(&draft.labels)?, color, ..draft.clone() })
}

/// Whether a status may become this. `current` says whether an open session is in it.
///
/// # Errors
/// [`Refusal::Conflict`] for a change of what stays, [`Refusal::InUse`] for retiring what is needed.
pub fn change_status(old: &ManagedStatus, draft: &StatusDraft, current: bool) -> Result<(), Refusal> {
    let definition = &old.definition;
    if draft.key != definition.key || draft.station_id != old.station_id {
        return Err(stays("`key` and `stationId` of a status stay as they were made. Make another status instead."));
    }
    let kept = draft.machine_state == definition.machine_state && draft.report_type == definition.report_type;
    if definition.protected && !kept {
        return Err(stays(
            "This status is protected: its `machineState` and `reportType` stay. Its labels and colour can be changed.",
        ));
    }
    // A stop asks why, and never at once: one that is over soon needs no reason.
    if definition.protected && definition.key == STOP && draft.reason_wanted != definition.reason_wanted {
        return Err(stays("A stop asks for its reason `later`: that stays. Make another status for what needs none."));
    }
    if old.active && !draft.active { may_retire(old, current) } else { Ok(()) }
}

/// What becomes of a status that is to be deleted. `current` says whether an open session is in it, `used` whether
/// history knows it.
///
/// # Errors
/// [`Refusal::InUse`] where it is needed.
pub fn delete_status(old: &ManagedStatus, current: bool, used: bool) -> Result<Deletion, Refusal> {
    may_retire(old, current)?;
    Ok(deletion(used))
}

fn may_retire(old: &ManagedStatus, current: bool) -> Result<(), Refusal> {
    let what = if old.definition.protected {
        "This status is protected: every plant needs it. Its labels and colour can be changed."
    } else if current {
        "A session is in this status now. Wait until it is in another."
    } else {
        return Ok(());
    };
    Err(Refusal::InUse { what: what.into() })
}

/// The draft of a reason as it is stored: texts trimmed, blank labels left out.
///
/// # Errors
/// [`Refusal::Invalid`] saying what is wrong with it.
pub fn reason(draft: &ReasonDraft) -> Result<ReasonDraft, Refusal> {
    check_position(draft.position)?;
    Ok(ReasonDraft { labels: labels::labels(&draft.labels)?, ..draft.clone() })
}

/// Whether a reason may become this.
///
/// # Errors
/// [`Refusal::Conflict`] for a change of what stays.
pub fn change_reason(old: &ManagedReason, draft: &ReasonDraft) -> Result<(), Refusal> {
    if draft.kind != old.kind || draft.station_id != old.station_id {
        return Err(stays("`type` and `stationId` of a reason stay as they were made. Make another reason instead."));
    }
    Ok(())
}

/// What becomes of a thing that is to be deleted: history keeps what it has used.
#[must_use]
pub fn deletion(used: bool) -> Deletion {
    if used { Deletion::Retired } else { Deletion::Removed }
}

fn stays(what: &str) -> Refusal {
    Refusal::Conflict { what: what.to_owned() }
}

fn is_key(key: &str) -> bool {
    key.len() <= KEY_MAX
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

fn fits(state: MachineState, class: TimeClass) -> bool {
    match state {
        MachineState::Production => class == TimeClass::Production,
        MachineState::Setup => class == TimeClass::Setup,
        MachineState::Stoppage => matches!(class, TimeClass::PlannedStop | TimeClass::UnplannedStop),
    }
}

fn check_position(position: u32) -> Result<(), Refusal> {
    if position > POSITION_MAX {
        return Err(invalid(format!("`position` is 0 to {POSITION_MAX}. Change it.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{definition, id};
    use crate::status::MALFUNCTION;
    use millrace_protocol::status::{Reason, ReasonType, ReasonWanted, ReportType};
    use millrace_protocol::{ReasonId, StationId};

    fn draft() -> StatusDraft {
        StatusDraft {
            station_id: None,
            key: "waiting".into(),
            labels: [("en".into(), " Waiting ".into()), ("he".into(), "".into())].into(),
            color: "#e89c00".into(),
            machine_state: MachineState::Stoppage,
            time_class: TimeClass::UnplannedStop,
            reason_wanted: ReasonWanted::Now,
            report_type: ReportType::None,
            position: 3,
            active: true,
        }
    }

    fn managed(key: &str, protected: bool) -> ManagedStatus {
        let mut definition = definition(key);
        definition.protected = protected;
        ManagedStatus { definition, station_id: None, position: 0, active: true, version: 1 }
    }

    fn same(status: &ManagedStatus) -> StatusDraft {
        let d = status.definition.clone();
        StatusDraft {
            station_id: status.station_id,
            key: d.key,
            labels: d.labels,
            color: d.color,
            machine_state: d.machine_state,
            time_class: d.time_class,
            reason_wanted: d.reason_wanted,
            report_type: d.report_type,
            position: status.position,
            active: status.active,
        }
    }

    #[test]
    fn a_good_draft_is_tidied() {
        let tidy = status(&draft()).expect("good");
        assert_eq!(tidy.color, "#E89C00");
        assert_eq!(tidy.labels, [("en".to_owned(), "Waiting".to_owned())].into());
    }

    #[test]
    fn keys_are_for_programs() {
        for key in ["a", "tool-change", "wants_reason", "s2"] {
            assert!(status(&StatusDraft { key: key.into(), ..draft() }).is_ok(), "{key}");
        }
        for key in ["", "A", "2s", "-a", "a b", "é", "a.b", &"a".repeat(KEY_MAX + 1)] {
            assert!(status(&StatusDraft { key: key.into(), ..draft() }).is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_station_has_no_protected_status_of_its_own() {
        for key in PROTECTED {
            let own = StatusDraft { key: key.into(), station_id: Some(StationId(id(1))), ..draft() };
            assert!(status(&own).is_err(), "{key}");
        }
    }

    #[test]
    fn time_counts_as_what_the_machine_does() {
        use MachineState::{Production, Setup, Stoppage};
        for (state, class, good) in [
            (Production, TimeClass::Production, true),
            (Production, TimeClass::UnplannedStop, false),
            (Setup, TimeClass::Setup, true),
            (Setup, TimeClass::PlannedStop, false),
            (Stoppage, TimeClass::PlannedStop, true),
            (Stoppage, TimeClass::UnplannedStop, true),
            (Stoppage, TimeClass::Production, false),
        ] {
            let draft = StatusDraft { machine_state: state, time_class: class, ..draft() };
            assert_eq!(status(&draft).is_ok(), good, "{state:?} as {class:?}");
        }
    }

    #[test]
    fn a_protected_status_is_relabelled_and_recoloured_and_nothing_else() {
        let old = managed(MALFUNCTION, true);
        let relabelled = StatusDraft {
            labels: [("en".into(), "Broken".into())].into(),
            color: "#A00000".into(),
            reason_wanted: ReasonWanted::Never,
            ..same(&old)
        };
        assert_eq!(change_status(&old, &relabelled, true), Ok(()));
        for wrong in [
            StatusDraft { machine_state: MachineState::Setup, ..same(&old) },
            StatusDraft { report_type: ReportType::General, ..same(&old) },
            StatusDraft { key: "broken".into(), ..same(&old) },
        ] {
            assert!(matches!(change_status(&old, &wrong, false), Err(Refusal::Conflict { .. })), "{wrong:?}");
        }
        let retired = StatusDraft { active: false, ..same(&old) };
        assert!(matches!(change_status(&old, &retired, false), Err(Refusal::InUse { .. })));
        assert!(matches!(delete_status(&old, false, false), Err(Refusal::InUse { .. })));
    }

    #[test]
    fn a_stop_asks_for_its_reason_whatever_a_plant_would_like() {
        let mut stop = managed(STOP, true);
        stop.definition.reason_wanted = ReasonWanted::Later;
        for wrong in [ReasonWanted::Never, ReasonWanted::Now] {
            let draft = StatusDraft { reason_wanted: wrong, ..same(&stop) };
            assert!(matches!(change_status(&stop, &draft, false), Err(Refusal::Conflict { .. })), "{wrong:?}");
        }
        let asking = StatusDraft { reason_wanted: ReasonWanted::Now, ..same(&managed(MALFUNCTION, true)) };
        assert_eq!(
            change_status(&managed(MALFUNCTION, true), &asking, false),
            Ok(()),
            "a plant may ask more of others"
        );
    }

    #[test]
    fn what_is_used_is_retired_and_what_is_current_stays() {
        let old = managed(STOP, false);
        assert_eq!(delete_status(&old, false, false), Ok(Deletion::Removed));
        assert_eq!(delete_status(&old, false, true), Ok(Deletion::Retired));
        assert!(matches!(delete_status(&old, true, true), Err(Refusal::InUse { .. })));
        let retired = StatusDraft { active: false, ..same(&old) };
        assert!(matches!(change_status(&old, &retired, true), Err(Refusal::InUse { .. })));
        assert_eq!(change_status(&old, &retired, false), Ok(()));
    }

    #[test]
    fn a_reason_explains_the_same_for_ever() {
        let old = ManagedReason {
            reason: Reason { id: ReasonId(id(1)), labels: [("en".into(), "No material".into())].into() },
            kind: ReasonType::Stop,
            station_id: None,
            position: 0,
            active: true,
            version: 1,
        };
        let labels = [("en".into(), " No steel ".into())].into();
        let draft = ReasonDraft { kind: ReasonType::Stop, station_id: None, labels, position: 0, active: false };
        let tidy = reason(&draft).expect("good");
        assert_eq!(tidy.labels["en"], "No steel");
        assert_eq!(change_reason(&old, &tidy), Ok(()));
        for wrong in [
            ReasonDraft { kind: ReasonType::Scrap, ..draft.clone() },
            ReasonDraft { station_id: Some(StationId(id(2))), ..draft.clone() },
        ] {
            assert!(matches!(change_reason(&old, &wrong), Err(Refusal::Conflict { .. })), "{wrong:?}");
        }
        assert!(reason(&ReasonDraft { position: POSITION_MAX + 1, ..draft }).is_err());
    }
}
