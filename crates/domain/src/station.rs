//! Stations as they are managed: what makes a good one, and when one can be taken out of use.

use crate::draft::{self, invalid};
use crate::{Refusal, text};
use millrace_protocol::station::{Station, StationDraft};

/// The longest type, in characters.
const TYPE_MAX: usize = 40;
/// The longest stop that may be called minor, in milliseconds: an hour.
const MINOR_STOP_MAX: u64 = 3_600_000;
/// From when to when a station may flag what nobody touched, in milliseconds: a minute to a day.
const UNTOUCHED: std::ops::RangeInclusive<u64> = 60_000..=86_400_000;

/// The draft of a station as it is stored: texts trimmed.
///
/// # Errors
/// [`Refusal::Invalid`] saying what is wrong with it.
pub fn draft(draft: &StationDraft) -> Result<StationDraft, Refusal> {
    if draft.untouched_ms.is_some_and(|limit| !UNTOUCHED.contains(&limit)) {
        return Err(invalid("`untouchedMs` is from 60,000 (a minute) to 86,400,000 (a day).".to_owned()));
    }
    if draft.minor_stop_ms.is_some_and(|limit| limit > MINOR_STOP_MAX) {
        return Err(invalid(format!("`minorStopMs` is at most {MINOR_STOP_MAX} (an hour). Shorten it.")));
    }
    Ok(StationDraft {
        code: draft::code(&draft.code)?,
        name: draft::name(&draft.name)?,
        kind: text::line("The type", &draft.kind, TYPE_MAX)?,
        ..draft.clone()
    })
}

/// Whether a station may become this.
///
/// # Errors
/// [`Refusal::InUse`] for taking it out of use while somebody works there.
pub fn change(old: &Station, draft: &StationDraft) -> Result<(), Refusal> {
    match &old.occupancy {
        Some(occupancy) if old.active && !draft.active => {
            let what = format!("{} is working at this station. Take it out of use afterwards.", occupancy.worker_name);
            Err(Refusal::InUse { what })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{at, id};
    use millrace_protocol::StationId;
    use millrace_protocol::session::Contact;
    use millrace_protocol::station::Occupancy;

    fn good() -> StationDraft {
        StationDraft {
            code: " CNC-07 ".into(),
            name: " Lathe 7 ".into(),
            kind: " CNC lathe ".into(),
            area_id: None,
            active: true,
            attended: true,
            minor_stop_ms: Some(MINOR_STOP_MAX),
            untouched_ms: Some(60_000),
            start_checklist_id: None,
            end_checklist_id: None,
        }
    }

    #[test]
    fn a_good_draft_is_tidied() {
        let tidy = draft(&good()).expect("good");
        assert_eq!((&*tidy.code, &*tidy.name, &*tidy.kind), ("CNC-07", "Lathe 7", "CNC lathe"));
    }

    #[test]
    fn what_cant_be_meant_is_refused() {
        for wrong in [
            StationDraft { code: "".into(), ..good() },
            StationDraft { code: "CNC 07".into(), ..good() },
            StationDraft { name: " ".into(), ..good() },
            StationDraft { kind: "".into(), ..good() },
            StationDraft { kind: "x".repeat(TYPE_MAX + 1), ..good() },
            StationDraft { minor_stop_ms: Some(MINOR_STOP_MAX + 1), ..good() },
            StationDraft { untouched_ms: Some(59_999), ..good() },
        ] {
            assert!(matches!(draft(&wrong), Err(Refusal::Invalid { .. })), "{wrong:?}");
        }
    }

    #[test]
    fn a_station_goes_out_of_use_when_nobody_is_there() {
        let occupancy = Occupancy { worker_name: "Maya".into(), since: at(0), contact: Contact::Online };
        let mut station = Station {
            id: StationId(id(1)),
            code: "CNC-07".into(),
            name: "Lathe 7".into(),
            kind: "CNC lathe".into(),
            area_id: None,
            area: None,
            active: true,
            attended: true,
            minor_stop_ms: None,
            untouched_ms: None,
            start_checklist_id: None,
            end_checklist_id: None,
            version: 1,
            occupancy: Some(occupancy),
        };
        let out = StationDraft { active: false, ..good() };
        assert!(matches!(change(&station, &out), Err(Refusal::InUse { .. })));
        assert_eq!(change(&station, &good()), Ok(()), "it may be renamed");
        station.occupancy = None;
        assert_eq!(change(&station, &out), Ok(()));
    }
}
