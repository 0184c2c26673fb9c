//! Counts put right: the ledger gets the difference, as an entry that names the one it corrects.

use super::{By, Decided, Past, refused, session_changed, tallied};
use crate::Refusal;
use crate::quantity::{Counted, PIECES_MAX, Reason};
use crate::report::of_scrap;
use crate::session::uncounted::stays;
use crate::session::{Effect, Effects, Moment};
use millrace_protocol::QuantityEntryId;
use millrace_protocol::amendment::{AddedCount, CountCorrection};
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use serde_json::json;

/// An entry says what it should have said. The difference counts where the pieces are now, at the time they were
/// counted: a count belongs to the shift that reported it. The scrap report says the new number.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for what is no count of this session, and where nothing changes;
/// [`Refusal::InvalidQuantities`] for too many pieces, and for the first scrap of a count without a reason or a note.
pub fn count(
    past: &Past,
    correction: &CountCorrection,
    reason: Option<Reason>,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let entry = past.entry(correction.entry_id)?;
    if entry.corrects_id.is_some() {
        return refused("This entry corrects another one. Correct the count itself.");
    }
    few_enough(correction.good, correction.scrap)?;
    let (good, scrap) = past.net(entry);
    let (more_good, more_scrap) = (correction.good.cast_signed() - good, correction.scrap.cast_signed() - scrap);
    if (more_good, more_scrap) == (0, 0) {
        return refused("The count says so already. Nothing is to be corrected.");
    }
    if scrap == 0 {
        explained(correction.scrap, reason.as_ref(), by)?;
    }
    let stretch = match entry.status_event_id {
        Some(id) => Some(past.event(id)?),
        None => None,
    };
    let difference = QuantityEntry {
        id: QuantityEntryId(moment.chance.uuid(moment.now)),
        job_item_id: stretch.map_or(entry.job_item_id, |stretch| stretch.job_item_id),
        step_id: stretch.map_or(entry.step_id, |stretch| stretch.step_id),
        good: more_good,
        scrap: more_scrap,
        scrap_reason_id: reason.as_ref().map(|reason| reason.id),
        note: by.why(),
        counter: None,
        kind: EntryKind::Correction,
        corrects_id: Some(entry.id),
        ..entry.clone()
    };
    let note = by.why().or_else(|| entry.note.clone());
    let counted = Counted { good: correction.good, scrap: correction.scrap, counter: None, reason, note };
    let about = stretch.map(|stretch| (stretch, entry.occurred_at));
    let effects = added(past, difference, about, (&counted, scrap), by, moment)?;
    Ok(Decided {
        subject: entry.id.0,
        old: json!({ "good": good, "scrap": scrap }),
        new: json!({ "good": correction.good, "scrap": correction.scrap }),
        effects,
    })
}

/// Pieces of a stretch that nobody had counted. They are missing no more.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for a stretch of another session; [`Refusal::InvalidQuantities`] for too many pieces,
/// and for scrap without a reason or a note.
pub fn added_count(
    past: &Past,
    correction: &AddedCount,
    reason: Option<Reason>,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let stretch = past.event(correction.status_event_id)?;
    few_enough(correction.good, correction.scrap)?;
    explained(correction.scrap, reason.as_ref(), by)?;
    let counted = Counted { good: correction.good, scrap: correction.scrap, counter: None, reason, note: by.why() };
    let at = stretch.ended_at.unwrap_or(moment.now);
    let entry = crate::quantity::entry(stretch, &counted, EntryKind::Correction, at, moment);
    let is_missing = still_missing(past, &entry);
    let effects = added(past, entry, Some((stretch, at)), (&counted, 0), by, moment)?;
    Ok(Decided {
        subject: stretch.id.0,
        old: json!({ "good": 0, "scrap": 0, "countMissing": past.session.count_missing }),
        new: json!({ "good": correction.good, "scrap": correction.scrap, "countMissing": is_missing }),
        effects,
    })
}

/// The rows of an entry more. `counted` is what the count says from now on, with the scrap it had said.
fn added(
    past: &Past,
    entry: QuantityEntry,
    about: Option<(&StatusEvent, Timestamp)>,
    (counted, scrap_before): (&Counted, i64),
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Effects, Refusal> {
    let totals = tallied(past.session.totals, entry.good, entry.scrap)?;
    let is_missing = still_missing(past, &entry);
    let mut effects = Effects::new();
    effects.extend(session_changed(&past.session, by, |session| {
        session.totals = totals;
        session.count_missing = is_missing;
    }));
    effects.extend(entry.job_item_id.map(|item| Effect::Freeze { item, at: entry.occurred_at }));
    if let Some((stretch, at)) = about
        && counted.scrap.cast_signed() != scrap_before
    {
        effects.extend(scrap_report(past, stretch, at, (counted, scrap_before), by, moment));
    }
    effects.push(Effect::Count(Box::new(entry)));
    Ok(effects)
}

/// Scrap and its report say the same number. One that nobody has looked at goes with its scrap.
fn scrap_report(
    past: &Past,
    stretch: &StatusEvent,
    at: Timestamp,
    (counted, before): (&Counted, i64),
    by: By<'_>,
    moment: &Moment<'_>,
) -> Option<Effect> {
    let of_this_count = |report: &&Report| {
        report.kind == ReportKind::Scrap
            && report.state != ReportState::Withdrawn
            && report.status_event_id == Some(stretch.id)
            && report.occurred_at == at
            && report.scrap.cast_signed() == before
    };
    let Some(old) = past.reports.iter().find(of_this_count) else {
        let report = of_scrap(&past.session, stretch, counted, at, moment)?;
        let report = Report { changed_by: by.changed_by(), ..report };
        return Some(Effect::Report { old: None, new: Box::new(report), kiosk: None });
    };
    let mut new = Report {
        scrap: counted.scrap,
        changed_at: moment.now,
        changed_by: by.changed_by(),
        version: old.version + 1,
        ..old.clone()
    };
    if let Some(reason) = &counted.reason {
        new.reason_id = Some(reason.id);
        new.reason_labels = Some(reason.labels.clone());
    }
    if counted.scrap == 0 && old.state == ReportState::New {
        new.state = ReportState::Withdrawn;
    }
    Some(Effect::Report { old: Some(Box::new(old.clone())), new: Box::new(new), kiosk: None })
}

/// Whether the session still lacks a count once it has this entry. A difference to a count that was made settles
/// nothing.
fn still_missing(past: &Past, entry: &QuantityEntry) -> bool {
    past.session.count_missing
        && (entry.corrects_id.is_some() || stays(&past.uncounted(), entry.step_id, entry.occurred_at))
}

/// Scrap says why, in a supervisor's words, by a reason, or in the worker's.
fn explained(scrap: u64, reason: Option<&Reason>, by: By<'_>) -> Result<(), Refusal> {
    if scrap == 0 || reason.is_some() || by.why().is_some() {
        return Ok(());
    }
    Err(Refusal::InvalidQuantities { what: "Scrap needs a reason or a note. Choose a reason.".into() })
}

fn few_enough(good: u64, scrap: u64) -> Result<(), Refusal> {
    if good.max(scrap) <= PIECES_MAX {
        return Ok(());
    }
    Err(Refusal::InvalidQuantities { what: format!("Over {PIECES_MAX} pieces in one count. Check the number.") })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{after, ended_past, past, tallies};
    use super::*;
    use crate::Policy;
    use crate::session::fixtures::{FixedChance, at, id};
    use proptest::prelude::*;

    const BOSS: By<'_> = By::User { name: "boss", why: "recounted" };

    fn corrected(past: &Past, good: u64, scrap: u64) -> Result<Past, Refusal> {
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction = CountCorrection { entry_id: past.entries[0].id, good, scrap, scrap_reason_id: None };
        let decided = count(past, &correction, None, BOSS, &moment)?;
        Ok(after(past, &decided))
    }

    #[test]
    fn the_ledger_gets_the_difference_and_keeps_the_count() {
        let now = corrected(&ended_past(), 7, 2).expect("corrects");
        let (first, second) = (&now.entries[0], &now.entries[1]);
        assert_eq!((first.good, first.scrap), (10, 2), "as it was counted");
        assert_eq!((second.good, second.scrap, second.kind), (-3, 0, EntryKind::Correction));
        assert_eq!((second.corrects_id, second.occurred_at), (Some(first.id), first.occurred_at));
        assert_eq!((now.session.totals.good, now.session.totals.scrap), (7, 2));
        assert!(corrected(&now, 7, 2).is_err(), "it says so already");
        assert!(corrected(&now, 0, PIECES_MAX + 1).is_err());
    }

    #[test]
    fn a_worker_says_why_it_is_scrap_as_he_does_when_he_counts() {
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let to = |past: &Past, scrap: u64, note: Option<&str>, reason: Option<Reason>| {
            let correction = CountCorrection { entry_id: past.entries[0].id, good: 10, scrap, scrap_reason_id: None };
            count(past, &correction, reason, By::Worker { note, live: true }, &moment)
        };
        let past = ended_past();
        assert!(to(&past, 5, None, None).is_ok(), "why there is scrap was said with the count");
        let none = after(&past, &to(&past, 0, None, None).expect("takes back"));
        assert!(matches!(to(&none, 1, None, None), Err(Refusal::InvalidQuantities { .. })));
        let cracked = Reason { id: millrace_protocol::ReasonId(id(9)), labels: [].into() };
        assert!(to(&none, 1, None, Some(cracked)).is_ok());
        let noted = after(&none, &to(&none, 1, Some("bent"), None).expect("corrects"));
        assert_eq!(noted.reports.last().and_then(|report| report.description.as_deref()), Some("bent"));
        let added = |scrap, note| {
            let correction = AddedCount { status_event_id: past.events[1].id, good: 1, scrap, scrap_reason_id: None };
            added_count(&past, &correction, None, By::Worker { note, live: true }, &moment)
        };
        assert!(added(0, None).is_ok() && added(1, Some("bent")).is_ok());
        assert!(matches!(added(1, None), Err(Refusal::InvalidQuantities { .. })));
    }

    #[test]
    fn a_correction_is_not_corrected_but_the_count_is_again() {
        let now = corrected(&ended_past(), 7, 2).expect("corrects");
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let again = CountCorrection { entry_id: now.entries[1].id, good: 1, scrap: 0, scrap_reason_id: None };
        assert!(count(&now, &again, None, BOSS, &moment).is_err());
        assert_eq!(corrected(&now, 12, 0).expect("corrects again").session.totals.good, 12);
    }

    #[test]
    fn scrap_and_its_report_say_the_same() {
        let now = corrected(&ended_past(), 10, 5).expect("corrects");
        assert_eq!(now.reports.iter().map(|report| report.scrap).collect::<Vec<_>>(), [5]);
        let now = corrected(&now, 10, 4).expect("corrects");
        assert_eq!((now.reports.len(), now.reports[0].scrap, now.reports[0].version), (1, 4, 2));
        let none = corrected(&now, 10, 0).expect("corrects");
        assert_eq!((none.reports[0].scrap, none.reports[0].state), (0, ReportState::Withdrawn));
    }

    #[test]
    fn what_nobody_counted_is_counted_and_no_longer_missing() {
        let mut past = past();
        past.session.count_missing = true;
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction = AddedCount { status_event_id: past.events[1].id, good: 5, scrap: 0, scrap_reason_id: None };
        let decided = added_count(&past, &correction, None, BOSS, &moment).expect("adds");
        let now = after(&past, &decided);
        assert!(!now.session.count_missing && tallies(&now));
        assert_eq!((now.session.totals.good, now.entries[1].step_id), (15, past.events[1].step_id));
    }

    proptest! {
        #[test]
        fn however_often_a_count_is_corrected_it_says_the_last(counts in proptest::collection::vec((0u64..50, 0u64..9), 1..8)) {
            let mut past = ended_past();
            let mut said = (10, 2);
            for (n, (good, scrap)) in counts.into_iter().enumerate() {
                match corrected(&past, good, scrap) {
                    Ok(mut now) => {
                        let last = now.entries.len() - 1;
                        now.entries[last].id = QuantityEntryId(id(120 + u8::try_from(n).expect("few")));
                        said = (good, scrap);
                        past = now;
                    }
                    Err(_) => prop_assert_eq!(said, (good, scrap)),
                }
                let net = past.net(&past.entries[0]);
                prop_assert_eq!(net, (said.0.cast_signed(), said.1.cast_signed()));
                prop_assert!(tallies(&past));
            }
        }
    }
}
