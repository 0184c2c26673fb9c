//! Taking back: the last change of status, count or report of a session, within ten seconds.
//!
//! Nothing is removed. The stretch stays, marked and without length; the ledger gets an entry that takes the count back;
//! a report is withdrawn. What a supervisor has acted on stays: he would not know that it is gone. What was put right
//! meanwhile stays as well, unless taking back still means what it did: a count goes from where its pieces are now.

use super::addition::here;
use super::uncounted::uncounted;
use super::{Effect, Effects, Moment, amended, changed};
use crate::Refusal;
use crate::amendment::Past;
use crate::status::reason_missing_from;
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::session::Session;
use millrace_protocol::status::{MachineState, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{QuantityEntryId, ReportId, StatusEventId};

/// For so long after it an action can be taken back, by event time, in milliseconds.
pub const UNDO_MS: i64 = 10_000;

/// What an action had made, as its answer said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The stretch it began.
    pub event: Option<StatusEventId>,
    /// The entry it made in the ledger.
    pub entry: Option<QuantityEntryId>,
    /// The reports it made.
    pub reports: Vec<ReportId>,
}

/// When it is taken back, and as what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TakingBack<'t> {
    /// When.
    pub at: Timestamp,
    /// By the owner; otherwise it writes history only.
    pub is_live: bool,
    /// The definition of the status that goes on, where that is still in use.
    pub definition: Option<&'t StatusDefinition>,
    /// A stop shorter than this asks nothing, in milliseconds.
    pub minor_stop_ms: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenBack {
    /// The session after it.
    pub session: Session,
    /// The stretch that goes on.
    pub event: Option<StatusEvent>,
    /// The entry that takes the count back.
    pub entry: Option<QuantityEntry>,
    /// The reports, withdrawn.
    pub reports: Vec<Report>,
    /// The rows.
    pub effects: Effects,
}

/// The stretch that goes on where this one is taken back.
///
/// # Errors
/// [`Refusal::InvalidTransition`] where something came after it, or nothing of its owner's before it, and where its
/// item was put right or pieces were counted in it since.
pub fn goes_on(past: &Past, event: StatusEventId) -> Result<(&StatusEvent, &StatusEvent), Refusal> {
    let event = past.event(event)?;
    let place = past.events.iter().position(|other| other.id == event.id).unwrap_or_default();
    let before = place.checked_sub(1).and_then(|place| past.events.get(place));
    let after = past.events.get(place + 1);
    match before {
        Some(before)
            if before.epoch == event.epoch
                && before.ended_at == Some(event.started_at)
                && after.is_none_or(|after| after.epoch != event.epoch) =>
        {
            if before.step_id != event.step_id {
                return Err(no("Its item was corrected since. Put it right with another correction."));
            }
            if past.entries.iter().any(|entry| entry.status_event_id == Some(event.id)) {
                return Err(no("Pieces were counted in it since. Put it right with another correction."));
            }
            Ok((before, event))
        }
        _ => Err(no("Something else came after it, or nothing before it. Put it right with a new entry.")),
    }
}

/// Takes back what an action had made.
///
/// # Errors
/// [`Refusal::InvalidTransition`] where it was too long ago, is not the last, or was acted on.
pub fn undo(past: &Past, made: &Made, taking: TakingBack<'_>, moment: &Moment<'_>) -> Result<TakenBack, Refusal> {
    let TakingBack { at, is_live, definition, minor_stop_ms } = taking;
    let (mut effects, mut events, mut goes) = (vec![], past.events.clone(), None);
    let mut since = vec![];
    if let Some(event) = made.event {
        let (before, event) = goes_on(past, event)?;
        since.push(event.started_at);
        let (voided, _) = amended(event, |event| {
            event.ended_at = Some(event.started_at);
            event.voided = true;
        });
        let (opened, again) = amended(before, |before| before.ended_at = event.ended_at);
        effects.extend([voided, opened]);
        // What holds at the station now is its owner's.
        if is_live && event.status.machine_state == MachineState::Setup {
            effects.push(Effect::SetupUndone { station: past.session.station_id, at: event.started_at });
        }
        events.retain(|other| other.id != event.id);
        for other in events.iter_mut().filter(|other| other.id == again.id) {
            other.clone_from(&again);
        }
        goes = Some((again, event.ended_at.is_none()));
    }
    let counted = made.entry.map(|entry| past.entry(entry)).transpose()?;
    let made_in = counted.and_then(|counted| counted.status_event_id).map(|id| past.event(id)).transpose()?;
    let entry = counted.map(|counted| {
        let (good, scrap) = past.net(counted);
        QuantityEntry {
            id: QuantityEntryId(moment.chance.uuid(moment.now)),
            job_item_id: made_in.map_or(counted.job_item_id, |event| event.job_item_id),
            step_id: made_in.map_or(counted.step_id, |event| event.step_id),
            good: -good,
            scrap: -scrap,
            note: None,
            counter: None,
            kind: EntryKind::Undo,
            corrects_id: Some(counted.id),
            occurred_at: at,
            ..counted.clone()
        }
    });
    since.extend(counted.map(|counted| counted.occurred_at));
    let mut reports = vec![];
    for id in &made.reports {
        let old = past.report(*id)?;
        since.push(old.occurred_at);
        if !matches!(old.state, ReportState::Open | ReportState::New) || old.changed_by.is_some() {
            return Err(no("A supervisor has acted on the report already. Tell him, or make a new entry."));
        }
        let new =
            Report { state: ReportState::Withdrawn, changed_at: moment.now, version: old.version + 1, ..old.clone() };
        effects.push(Effect::Report { old: Some(Box::new(old.clone())), new: Box::new(new.clone()), kiosk: None });
        reports.push(new);
    }
    match since.iter().max() {
        None => return Err(no("There is nothing in it to take back.")),
        Some(since) if at.millis_since(*since) > UNDO_MS => {
            return Err(no(
                "This was more than ten seconds ago. Put it right with a new entry, or ask your supervisor.",
            ));
        }
        Some(_) => {}
    }
    let entries: Vec<_> = past.entries.iter().chain(&entry).cloned().collect();
    let malfunctions = reports.iter().filter(|report| report.kind == ReportKind::Malfunction).count();
    let (updated, session) = changed(&past.session, |session| {
        if let Some(entry) = &entry {
            session.totals.good = session.totals.good.saturating_add_signed(entry.good);
            session.totals.scrap = session.totals.scrap.saturating_add_signed(entry.scrap);
        }
        let malfunctions = u32::try_from(malfunctions).unwrap_or(u32::MAX);
        session.malfunction_count = session.malfunction_count.saturating_sub(malfunctions);
        session.count_missing = !uncounted(&events, &entries).is_empty();
        if let Some((event, true)) = &goes {
            session.current_status_id = Some(event.status_definition_id);
            session.current_status = Some(event.status.clone());
            let since = in_status_since(&events, event);
            session.last_status_change_at = since;
            let grace_ms = moment.policy.grace_ms(since == session.started_at, minor_stop_ms);
            session.reason_missing_from =
                definition.and_then(|status| reason_missing_from(status, event.reason_id, since, grace_ms));
        }
        if is_live {
            here(session);
        }
    });
    effects.push(updated);
    effects.extend(entry.iter().map(|entry| Effect::Count(Box::new(entry.clone()))));
    Ok(TakenBack { session, event: goes.map(|(event, _)| event), entry, reports, effects })
}

/// Since when the machine is in the status of a session's last stretch.
fn in_status_since(events: &[StatusEvent], last: &StatusEvent) -> Timestamp {
    let run = events.iter().rev().skip_while(|event| event.id != last.id);
    let run = run.take_while(|event| event.status_definition_id == last.status_definition_id);
    run.last().map_or(last.started_at, |event| event.started_at)
}

fn no(what: &str) -> Refusal {
    Refusal::InvalidTransition { what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amendment::fixtures::{ended_past, past};
    use crate::session::fixtures::at;
    use crate::{Policy, SystemChance};

    fn take_back(past: &Past, made: &Made, when: Timestamp) -> Result<TakenBack, Refusal> {
        let policy = Policy::default();
        let moment = Moment { now: when, chance: &SystemChance, policy: &policy };
        let taking = TakingBack { at: when, is_live: true, definition: None, minor_stop_ms: 0 };
        undo(past, made, taking, &moment)
    }

    fn last_status(past: &Past) -> (Made, Timestamp) {
        let event = past.events.last().expect("stretches");
        (Made { event: Some(event.id), ..Made::default() }, event.started_at)
    }

    #[test]
    fn the_stretch_before_goes_on_from_its_own_start() {
        let past = past();
        let (made, began) = last_status(&past);
        let [.., before, undone] = &past.events[..] else { panic!("two stretches") };
        let back = take_back(&past, &made, began.plus_millis(UNDO_MS)).expect("takes it back");
        let event = back.event.expect("a stretch");
        assert_eq!((event.id, event.started_at, event.ended_at), (before.id, before.started_at, None));
        assert_eq!(back.session.current_status_id, Some(before.status_definition_id));
        assert!(back.effects.iter().any(|effect| matches!(
            effect, Effect::StatusEvent { new, .. }
                if new.id == undone.id && new.voided && new.ended_at == Some(undone.started_at)
        )));
        let late = take_back(&past, &made, began.plus_millis(UNDO_MS + 1));
        assert!(matches!(late, Err(Refusal::InvalidTransition { .. })), "ten seconds and no more");
    }

    #[test]
    fn only_the_last_is_taken_back_and_never_the_first() {
        let past = past();
        let first = Made { event: Some(past.events[0].id), ..Made::default() };
        assert!(take_back(&past, &first, past.events[0].started_at).is_err());
        let middle = Made { event: Some(past.events[1].id), ..Made::default() };
        assert!(take_back(&past, &middle, past.events[1].started_at).is_err());
        assert!(take_back(&past, &Made::default(), at(0)).is_err(), "nothing");
    }

    #[test]
    fn a_count_is_taken_back_by_an_entry_of_its_own() {
        let past = ended_past();
        let counted = &past.entries[0];
        let made = Made { entry: Some(counted.id), ..Made::default() };
        let back = take_back(&past, &made, counted.occurred_at).expect("takes it back");
        let entry = back.entry.expect("an entry");
        assert_eq!((entry.good, entry.scrap, entry.kind), (-counted.good, -counted.scrap, EntryKind::Undo));
        assert_eq!(entry.corrects_id, Some(counted.id));
        let left = i64::try_from(past.session.totals.good).expect("small") - counted.good;
        assert_eq!(i64::try_from(back.session.totals.good), Ok(left));
        assert!(back.session.count_missing, "what it made is not counted any more");
    }
}
