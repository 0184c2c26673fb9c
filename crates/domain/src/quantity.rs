//! Quantities: what a count has to be, and the entry it becomes.

use crate::Refusal;
use crate::session::Moment;
use crate::status::check_note;
use millrace_protocol::QuantityEntryId;
use millrace_protocol::quantity::{Counter, EntryKind, Quantities, QuantityEntry};
use millrace_protocol::status::{Labels, StatusEvent};
use millrace_protocol::time::Timestamp;
use serde_json::Number;

/// The most pieces one count takes: more is a slip of the finger.
pub const PIECES_MAX: u64 = 1_000_000;
/// The most a counter can show: the last whole number that a browser tells exactly.
const READING_MAX: u64 = (1 << 53) - 1;

/// A count that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Good pieces.
    pub good: u64,
    /// Scrap.
    pub scrap: u64,
    /// The readings it comes from.
    pub counter: Option<Counter>,
    /// Why it is scrap.
    pub reason: Option<Reason>,
    /// What the worker added.
    pub note: Option<String>,
}

/// A reason of the station, as it is named now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its id.
    pub id: millrace_protocol::ReasonId,
    /// What people read.
    pub labels: Labels,
}

/// Checks a count. `reason` is the scrap reason it names, where the station has it.
///
/// # Errors
/// [`Refusal::InvalidQuantities`] for what is no count, for readings that run backwards, for scrap without a reason
/// or a note; [`Refusal::Invalid`] for a note that can't be kept.
pub fn checked(quantities: &Quantities, reason: Option<Reason>) -> Result<Counted, Refusal> {
    check_note(quantities.note.as_deref())?;
    let scrap = quantities.scrap.as_ref().map_or(Ok(0), |scrap| pieces("Scrap", scrap))?;
    let good = match (&quantities.good, quantities.counter) {
        (Some(good), None) => pieces("Good", good)?,
        (None, Some(counter)) => read_off(counter, scrap)?,
        (Some(_), Some(_)) => return wrong("Give good pieces or a counter's readings, not both."),
        (None, None) if scrap > 0 => 0,
        (None, None) => return wrong("Neither good pieces nor a counter's readings are given. Say how many."),
    };
    if quantities.scrap_reason_id.is_some() && reason.is_none() {
        return wrong("This scrap reason is not one of the station's. Reload the list of reasons.");
    }
    let noted = quantities.note.as_deref().is_some_and(|note| !note.trim().is_empty());
    if scrap > 0 && reason.is_none() && !noted {
        return wrong("Scrap needs a reason or a note. Choose a reason.");
    }
    Ok(Counted { good, scrap, counter: quantities.counter, reason, note: quantities.note.clone() })
}

fn pieces(what: &str, number: &Number) -> Result<u64, Refusal> {
    // 3.0 is three pieces, whoever wrote it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and small before")]
    let whole = number.as_u64().or_else(|| {
        let pieces = number.as_f64()?;
        (pieces.fract() == 0.0 && (0.0..=1e9).contains(&pieces)).then_some(pieces as u64)
    });
    match whole {
        Some(pieces) if pieces <= PIECES_MAX => Ok(pieces),
        Some(_) => wrong(&format!("{what} is over {PIECES_MAX} pieces in one count. Check the number.")),
        None => wrong(&format!("{what} has to be a whole number of pieces, 0 or more.")),
    }
}

fn read_off(counter: Counter, scrap: u64) -> Result<u64, Refusal> {
    let Some(made) = counter.end.checked_sub(counter.start) else {
        return wrong("The counter's end is below its start. Read it again.");
    };
    if counter.end > READING_MAX {
        return wrong(&format!("A counter shows at most {READING_MAX}. Check the readings."));
    }
    if made > PIECES_MAX {
        return wrong(&format!("The counter moved on by over {PIECES_MAX} pieces. Check the readings."));
    }
    match made.checked_sub(scrap) {
        Some(good) => Ok(good),
        None => wrong("There is more scrap than the counter moved on. Check the numbers."),
    }
}

fn wrong<T>(what: &str) -> Result<T, Refusal> {
    Err(Refusal::InvalidQuantities { what: what.to_owned() })
}

/// The entry a count becomes: it counts for the item and step that the stretch worked on.
#[must_use]
pub fn entry(
    stretch: &StatusEvent,
    counted: &Counted,
    kind: EntryKind,
    at: Timestamp,
    moment: &Moment<'_>,
) -> QuantityEntry {
    QuantityEntry {
        id: QuantityEntryId(moment.chance.uuid(moment.now)),
        session_id: stretch.session_id,
        status_event_id: Some(stretch.id),
        job_item_id: stretch.job_item_id,
        step_id: stretch.step_id,
        good: counted.good.cast_signed(),
        scrap: counted.scrap.cast_signed(),
        scrap_reason_id: counted.reason.as_ref().map(|reason| reason.id),
        note: counted.note.clone(),
        counter: counted.counter,
        kind,
        corrects_id: None,
        occurred_at: at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::id;
    use millrace_protocol::ReasonId;

    fn reason() -> Option<Reason> {
        Some(Reason { id: ReasonId(id(1)), labels: Labels::new() })
    }

    fn asked(json: serde_json::Value) -> Quantities {
        serde_json::from_value(json).expect("quantities")
    }

    #[test]
    fn good_and_scrap_are_whole_numbers_from_zero_on() {
        for wrong in [
            serde_json::json!({"good": -1}),
            serde_json::json!({"good": 1.5}),
            serde_json::json!({"good": 1_000_001}),
            serde_json::json!({"good": 1, "scrap": -3, "note": "x"}),
            serde_json::json!({}),
            serde_json::json!({"good": 1, "counter": {"start": 1, "end": 2}}),
        ] {
            let refused = checked(&asked(wrong.clone()), None);
            assert!(matches!(refused, Err(Refusal::InvalidQuantities { .. })), "{wrong}");
        }
        let counted = checked(&asked(serde_json::json!({"good": 3.0, "scrap": 0})), None).expect("counts");
        assert_eq!((counted.good, counted.scrap), (3, 0));
    }

    #[test]
    fn scrap_says_why() {
        let bare = asked(serde_json::json!({"good": 3, "scrap": 1}));
        assert!(checked(&bare, None).is_err());
        let blank = asked(serde_json::json!({"good": 3, "scrap": 1, "note": "  "}));
        assert!(checked(&blank, None).is_err());
        assert!(checked(&asked(serde_json::json!({"good": 3, "scrap": 1, "note": "cracked"})), None).is_ok());
        let named = asked(serde_json::json!({"good": 3, "scrap": 1, "scrapReasonId": id(1)}));
        assert!(checked(&named, reason()).is_ok());
        assert!(checked(&named, None).is_err(), "a reason of another station is none");
    }

    #[test]
    fn a_counter_counts_good_pieces_without_the_scrap() {
        let read = |json| checked(&asked(json), None).map(|counted| counted.good);
        assert_eq!(read(serde_json::json!({"counter": {"start": 100, "end": 142}})), Ok(42));
        assert_eq!(
            read(serde_json::json!({"counter": {"start": 100, "end": 142}, "scrap": 2, "note": "bent"})),
            Ok(40)
        );
        assert!(read(serde_json::json!({"counter": {"start": 142, "end": 100}})).is_err());
        assert!(read(serde_json::json!({"counter": {"start": 1, "end": 2}, "scrap": 2, "note": "bent"})).is_err());
    }
}
