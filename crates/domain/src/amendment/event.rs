//! What a stretch was: its item and step, its status, its reason.

use super::{Asking, By, Decided, Past, refused, session_changed};
use crate::session::bind::{Bound, name};
use crate::session::uncounted::uncounted;
use crate::session::{Effect, Effects, Moment, amended, begins, produces};
use crate::status::check_note;
use crate::{Policy, Refusal};
use millrace_protocol::amendment::{ItemCorrection, ReasonCorrection, StatusCorrection};
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::session::SessionStatus;
use millrace_protocol::status::{CurrentStatus, MachineState, ReasonWanted, ReportType, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{QuantityEntryId, ReasonId};
use serde_json::json;

/// A stretch worked on another item, or on none. Its pieces move with it: taken from the old step, added to the new.
///
/// # Errors
/// [`Refusal::JobItemRequired`] for production on nothing; [`Refusal::InvalidTransition`] for a stretch of another
/// session, and where nothing changes.
pub fn item(
    past: &Past,
    correction: &ItemCorrection,
    bound: Option<Bound<'_>>,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let event = past.event(correction.status_event_id)?;
    let step = bound.map(|bound| bound.step.id);
    if event.step_id == step {
        return refused("This stretch worked on that already. Nothing is to be corrected.");
    }
    if bound.is_none() && produces(event) {
        return Err(Refusal::JobItemRequired);
    }
    let (moved, new) = amended(event, |event| {
        event.job_item_id = bound.map(|bound| bound.item.id);
        event.job_item_name = bound.map(|bound| bound.item.name.clone());
        event.job_number = bound.map(|bound| bound.item.job_number.clone());
        event.step_id = step;
    });
    let pieces = moved_pieces(past, event, &new, by, moment);
    let mut effects = vec![moved];
    if let Some(bound) = bound
        && (produces(event) || !pieces.is_empty())
    {
        effects.push(Effect::Freeze { item: bound.item.id, at: event.started_at });
    }
    effects.extend(pieces.into_iter().map(|entry| Effect::Count(Box::new(entry))));
    effects.extend(reports_of(past, event).map(|old| {
        let new = Report {
            job_item_id: new.job_item_id,
            job_item_name: new.job_item_name.clone(),
            changed_at: moment.now,
            changed_by: by.changed_by(),
            version: old.version + 1,
            ..old.clone()
        };
        Effect::Report { old: Some(Box::new(old.clone())), new: Box::new(new), kiosk: None }
    }));
    effects.extend(session_changed(&past.session, by, |session| {
        if past.is_last(event) && by.mirrors(&past.session) {
            name(session, bound);
        }
    }));
    let said = |event: &StatusEvent| {
        json!({
            "jobItemId": event.job_item_id, "jobItemName": event.job_item_name,
            "jobNumber": event.job_number, "stepId": event.step_id,
        })
    };
    Ok(Decided { subject: event.id.0, old: said(event), new: said(&new), effects })
}

/// For each count of the stretch that is left: so much less at the old step, so much more at the new.
fn moved_pieces(
    past: &Past,
    event: &StatusEvent,
    to: &StatusEvent,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Vec<QuantityEntry> {
    let counts = past.entries.iter().filter(|e| e.status_event_id == Some(event.id) && e.corrects_id.is_none());
    let left = counts.map(|entry| (entry, past.net(entry))).filter(|(_, net)| *net != (0, 0));
    left.flat_map(|(entry, (good, scrap))| {
        let moved = |at: &StatusEvent, good, scrap| QuantityEntry {
            id: QuantityEntryId(moment.chance.uuid(moment.now)),
            job_item_id: at.job_item_id,
            step_id: at.step_id,
            good,
            scrap,
            note: by.why(),
            counter: None,
            kind: EntryKind::Correction,
            corrects_id: Some(entry.id),
            ..entry.clone()
        };
        [moved(event, -good, -scrap), moved(to, good, scrap)]
    })
    .collect()
}

/// A stretch was in another status. `known` says whether the given reason is one of the station's. Approvals end with a
/// setup, whenever it is said, and hold again where the last one of a session that runs was none; and production that
/// nobody counted is missing, or was none.
///
/// # Errors
/// [`Refusal::JobItemRequired`] for production on nothing, [`Refusal::ReportRequired`] where the status wants a report
/// and the stretch has none, [`Refusal::ReasonRequired`], and [`Refusal::InvalidTransition`] as for [`item`].
pub fn status(
    past: &Past,
    correction: &StatusCorrection,
    definition: &StatusDefinition,
    known: bool,
    asking: Asking,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let event = past.event(correction.status_event_id)?;
    if event.status_definition_id == definition.id && !event.unknown {
        return refused("This stretch was in that status already. Nothing is to be corrected.");
    }
    let producing = definition.machine_state == MachineState::Production;
    if producing && event.step_id.is_none() {
        return Err(Refusal::JobItemRequired);
    }
    let wanted = match definition.report_type {
        ReportType::None => None,
        ReportType::Malfunction => Some(ReportKind::Malfunction),
        ReportType::General => Some(ReportKind::General),
    };
    if wanted.is_some_and(|kind| !reports_of(past, event).any(|report| report.kind == kind)) {
        return Err(Refusal::ReportRequired);
    }
    let reason = reason_in(event, correction.reason_id, definition, known)?;
    let (effect, new) = amended(event, |event| {
        event.status_definition_id = definition.id;
        event.status = CurrentStatus::from(definition);
        event.time_class = Some(definition.time_class);
        event.reason_id = reason;
        event.unknown = false;
    });
    let mut effects = vec![effect];
    effects.extend(begins(&new, past.session.station_id));
    effects.extend(was_no_setup(past, event, &new, by));
    let wanted = if past.is_last(event) { Some(definition.reason_wanted) } else { asking.wanted };
    effects.extend(mirrored(past, &new, Asking { wanted, ..asking }, by, moment));
    let said = |event: &StatusEvent| {
        json!({
            "statusDefinitionId": event.status_definition_id, "status": event.status, "reasonId": event.reason_id,
            "unknown": event.unknown,
        })
    };
    Ok(Decided { subject: event.id.0, old: said(event), new: said(&new), effects })
}

/// What a setup ended holds again where it was none, at a station that nobody has set up since: history changes nothing
/// of what holds now.
fn was_no_setup(past: &Past, old: &StatusEvent, new: &StatusEvent, by: By<'_>) -> Option<Effect> {
    let sets_up = |event: &StatusEvent| event.status.machine_state == MachineState::Setup;
    let is_now = past.session.status == SessionStatus::Active && by.mirrors(&past.session);
    let again =
        past.events.iter().any(|event| sets_up(event) && event.id != old.id && event.started_at >= old.started_at);
    (is_now && sets_up(old) && !sets_up(new) && !again)
        .then_some(Effect::SetupUndone { station: past.session.station_id, at: old.started_at })
}

fn reason_in(
    event: &StatusEvent,
    given: Option<ReasonId>,
    definition: &StatusDefinition,
    known: bool,
) -> Result<Option<ReasonId>, Refusal> {
    let kept = event.reason_id.filter(|_| {
        definition.reason_wanted != ReasonWanted::Never && event.status.machine_state == definition.machine_state
    });
    match (given, kept) {
        (Some(_), _) if !known => Err(Refusal::ReasonRequired),
        (None, None) if definition.reason_wanted == ReasonWanted::Now => Err(Refusal::ReasonRequired),
        (given, kept) => Ok(given.or(kept)),
    }
}

/// A stretch had another reason, or none. `known` says whether it is one of the station's, `wanted` when its status
/// asks for one; `asking` says the same of the last one. The session lacks the reason of its last stretch again where
/// that is taken away.
///
/// # Errors
/// [`Refusal::ReasonRequired`], and [`Refusal::InvalidTransition`] as for [`item`].
pub fn reason(
    past: &Past,
    correction: &ReasonCorrection,
    (known, wanted): (bool, Option<ReasonWanted>),
    asking: Asking,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let event = past.event(correction.status_event_id)?;
    check_note(correction.note.as_deref())?;
    match correction.reason_id {
        Some(_) if !known => return Err(Refusal::ReasonRequired),
        None if wanted == Some(ReasonWanted::Now) => return Err(Refusal::ReasonRequired),
        _ => {}
    }
    let (effect, new) = amended(event, |event| {
        event.reason_id = correction.reason_id;
        if let Some(note) = &correction.note {
            event.note = Some(note.clone()).filter(|note| !note.trim().is_empty());
        }
    });
    if (new.reason_id, &new.note) == (event.reason_id, &event.note) {
        return refused("This stretch says so already. Nothing is to be corrected.");
    }
    let effects = [vec![effect], mirrored(past, &new, asking, by, moment)].concat();
    let said = |event: &StatusEvent| json!({ "reasonId": event.reason_id, "note": event.note });
    Ok(Decided { subject: event.id.0, old: said(event), new: said(&new), effects })
}

/// The session mirrors its last stretch: its status, since when it is in that, from when on it lacks a reason; and
/// whether something that it produced was not counted.
pub(super) fn mirrored(past: &Past, amended: &StatusEvent, asking: Asking, by: By<'_>, moment: &Moment<'_>) -> Effects {
    let now: Vec<StatusEvent> =
        past.events.iter().map(|event| if event.id == amended.id { amended } else { event }).cloned().collect();
    let before = past.events.iter().find(|event| event.id == amended.id);
    let is_missing = match before {
        Some(before) if produces(before) != produces(amended) => !uncounted(&now, &past.entries).is_empty(),
        _ => past.session.count_missing,
    };
    let Some(last) = now.last().filter(|_| by.mirrors(&past.session)) else {
        return session_changed(&past.session, by, |session| session.count_missing = is_missing).into_iter().collect();
    };
    let run = now.iter().rev().take_while(|event| event.status_definition_id == last.status_definition_id);
    let concerned = run.clone().any(|event| event.id == amended.id)
        || before.is_some_and(|event| event.started_at >= past.session.last_status_change_at);
    let since = run.last().map_or(last.started_at, |event| event.started_at);
    let change = session_changed(&past.session, by, |session| {
        session.count_missing = is_missing;
        if concerned {
            session.current_status_id = Some(last.status_definition_id);
            session.current_status = Some(last.status.clone());
            session.last_status_change_at = since;
            if session.status == SessionStatus::Active {
                session.reason_missing_from = lacking(last, asking, since, session.started_at, moment);
            }
        }
    });
    change.into_iter().collect()
}

/// From when on an open stretch lacks its reason. The stop that a session starts in may last longer without one.
fn lacking(
    open: &StatusEvent,
    asking: Asking,
    since: Timestamp,
    started: Timestamp,
    moment: &Moment<'_>,
) -> Option<Timestamp> {
    let wanted = asking.wanted.is_some_and(|wanted| wanted != ReasonWanted::Never);
    let grace = moment.policy.grace_ms(since == started, asking.minor_stop_ms);
    (wanted && open.reason_id.is_none()).then(|| since.plus_millis(Policy::signed(grace)))
}

fn reports_of<'p>(past: &'p Past, event: &StatusEvent) -> impl Iterator<Item = &'p Report> {
    let id = event.id;
    past.reports
        .iter()
        .filter(move |report| report.status_event_id == Some(id) && report.state != ReportState::Withdrawn)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{after, ended_past, gapless, past, production, tallies};
    use super::*;
    use crate::session::fixtures::{FixedChance, at, definition, id, item as made};
    use crate::status::{OTHER, STOP};
    use millrace_protocol::amendment::Correction;
    use millrace_protocol::{JobItemId, StepId};

    const BOSS: By<'_> = By::User { name: "boss", why: "wrong item" };
    const ASKING: Asking = Asking { wanted: Some(ReasonWanted::Later), minor_stop_ms: 180_000 };

    /// A stretch was in another status, as it is put right at 1,000.
    fn in_status(past: &Past, n: usize, to: &StatusDefinition, by: By<'_>) -> Result<Past, Refusal> {
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction =
            StatusCorrection { status_event_id: past.events[n].id, status_definition_id: to.id, reason_id: None };
        Ok(after(past, &status(past, &correction, to, false, ASKING, by, &moment)?))
    }

    /// The same for a reason that the station has.
    fn for_reason(past: &Past, n: usize, reason_id: Option<ReasonId>, by: By<'_>) -> Result<Decided, Refusal> {
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction = ReasonCorrection { status_event_id: past.events[n].id, reason_id, note: None };
        reason(past, &correction, (true, Some(ReasonWanted::Later)), ASKING, by, &moment)
    }

    fn moved(past: &Past, n: usize, step: u8) -> Result<Past, Refusal> {
        let mut to = made(50, &[(1, 0, 0)]);
        to.id = JobItemId(id(60));
        to.steps[0].id = StepId(id(step));
        let bound = Bound { item: &to, step: &to.steps[0] };
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction = ItemCorrection {
            status_event_id: past.events[n].id,
            job_item_id: Some(to.id),
            step_id: Some(to.steps[0].id),
        };
        Ok(after(past, &item(past, &correction, Some(bound), BOSS, &moment)?))
    }

    fn at_step(past: &Past, step: u8) -> (i64, i64) {
        let there = past.entries.iter().filter(|entry| entry.step_id == Some(StepId(id(step))));
        there.fold((0, 0), |(good, scrap), entry| (good + entry.good, scrap + entry.scrap))
    }

    #[test]
    fn pieces_move_with_their_stretch() {
        let now = moved(&ended_past(), 1, 61).expect("moves");
        assert_eq!((at_step(&now, 51), at_step(&now, 61)), ((0, 0), (10, 2)));
        assert_eq!(now.entries.len(), 3, "a pair more");
        assert!(tallies(&now) && gapless(&now));
        assert_eq!(now.events[1].step_id, Some(StepId(id(61))));
        let back = moved(&now, 1, 62).expect("moves on");
        assert_eq!((at_step(&back, 51), at_step(&back, 61), at_step(&back, 62)), ((0, 0), (0, 0), (10, 2)));
        assert!(moved(&back, 1, 62).is_err(), "it is there already");
    }

    #[test]
    fn the_last_stretch_is_mirrored_by_its_session() {
        let open = moved(&past(), 2, 61).expect("moves");
        assert_eq!(open.session.step_id, Some(StepId(id(61))));
        assert_eq!(moved(&past(), 0, 61).expect("moves").session, past().session, "an earlier one is not");
    }

    #[test]
    fn production_works_on_something() {
        let past = ended_past();
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let nothing =
            |n: usize| ItemCorrection { status_event_id: past.events[n].id, job_item_id: None, step_id: None };
        assert_eq!(item(&past, &nothing(1), None, BOSS, &moment).err(), Some(Refusal::JobItemRequired));
        assert!(item(&past, &nothing(0), None, BOSS, &moment).is_ok());
        let mut unbound = past.clone();
        unbound.events[0].step_id = None;
        assert_eq!(in_status(&unbound, 0, &production(), BOSS).err(), Some(Refusal::JobItemRequired));
        assert!(in_status(&past, 0, &production(), BOSS).is_ok());
    }

    #[test]
    fn a_status_asks_for_what_it_wants() {
        let past = ended_past();
        let mut other = definition(OTHER);
        assert!(in_status(&past, 0, &other, BOSS).is_ok());
        other.reason_wanted = ReasonWanted::Now;
        assert_eq!(in_status(&past, 0, &other, BOSS).err(), Some(Refusal::ReasonRequired));
        other.reason_wanted = ReasonWanted::Later;
        other.report_type = ReportType::Malfunction;
        assert_eq!(in_status(&past, 0, &other, BOSS).err(), Some(Refusal::ReportRequired));
    }

    #[test]
    fn time_in_state_follows_the_stretches() {
        let past = past();
        let to =
            |n: usize, definition: &StatusDefinition| in_status(&past, n, definition, BOSS).expect("corrects").session;
        let setup = to(2, &definition(OTHER));
        assert_eq!((setup.current_status_id, setup.last_status_change_at), (Some(definition(OTHER).id), at(200)));
        assert_eq!(to(1, &definition(STOP)).last_status_change_at, at(0), "it was one stop from the beginning");
        assert_eq!(to(0, &definition(OTHER)), past.session, "long over");
    }

    #[test]
    fn a_reason_is_put_right_and_taken_away() {
        let past = ended_past();
        let one = Some(ReasonId(id(5)));
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let correction = ReasonCorrection { status_event_id: past.events[0].id, reason_id: one, note: None };
        let unknown = reason(&past, &correction, (false, Some(ReasonWanted::Later)), ASKING, BOSS, &moment);
        assert_eq!(unknown.err(), Some(Refusal::ReasonRequired));
        let decided = for_reason(&past, 0, one, BOSS).expect("corrects");
        assert_eq!((&decided.old["reasonId"], &decided.new["reasonId"]), (&json!(null), &json!(one)));
        assert!(for_reason(&past, 0, None, BOSS).is_err(), "it has none already");
        assert_eq!(after(&past, &decided).session, past.session, "nobody asks after the end");
    }

    #[test]
    fn an_open_stretch_lacks_its_reason_until_it_has_one_and_again_without() {
        let past = past();
        let reasoned = after(&past, &for_reason(&past, 2, Some(ReasonId(id(5))), BOSS).expect("corrects"));
        assert_eq!(reasoned.session.reason_missing_from, None);
        let without = after(&reasoned, &for_reason(&reasoned, 2, None, BOSS).expect("corrects"));
        assert_eq!(without.session.reason_missing_from, Some(at(200 + 180_000)));
        let mut setup = definition("setup");
        setup.machine_state = MachineState::Setup;
        setup.reason_wanted = ReasonWanted::Never;
        assert_eq!(in_status(&without, 2, &setup, BOSS).expect("corrects").session.reason_missing_from, None);
        let all = in_status(&past, 1, &definition(STOP), BOSS).expect("corrects").session;
        assert_eq!(all.reason_missing_from, Some(at(300_000)), "a stop from the session's start on");
    }

    #[test]
    fn what_was_no_production_lacks_no_count_and_what_was_does() {
        let mut past = past();
        past.entries.clear();
        past.session.count_missing = true;
        let stopped = in_status(&past, 1, &definition(OTHER), BOSS).expect("corrects");
        assert!(!stopped.session.count_missing);
        assert!(in_status(&stopped, 1, &production(), BOSS).expect("corrects").session.count_missing);
    }

    #[test]
    fn a_former_owner_does_not_touch_what_an_open_session_mirrors() {
        let (past, late) = (past(), By::Worker { note: None, live: false });
        let setup = in_status(&past, 2, &definition(OTHER), late).expect("is pure: it is refused before");
        let now = |past: &Past| (past.session.current_status_id, past.session.last_status_change_at);
        assert_eq!(now(&setup), now(&past));
        let reasoned = after(&past, &for_reason(&past, 2, Some(ReasonId(id(5))), late).expect("corrects"));
        assert_eq!(reasoned.session.reason_missing_from, past.session.reason_missing_from);
        let correction = |n: usize| {
            Correction::Reason(ReasonCorrection { status_event_id: past.events[n].id, reason_id: None, note: None })
        };
        assert!(past.was_of(1, &correction(0)) && !past.was_of(2, &correction(0)), "another's epoch");
        assert!(!past.was_of(1, &correction(2)), "it still runs");
    }

    #[test]
    fn a_report_that_moves_says_who_moved_it() {
        let policy = Policy::default();
        let moment = Moment { now: at(900), chance: &FixedChance, policy: &policy };
        let mut past = ended_past();
        let counted =
            crate::quantity::Counted { good: 0, scrap: 2, counter: None, reason: None, note: Some("bent".into()) };
        past.reports.extend(crate::report::of_scrap(&past.session, &past.events[1], &counted, at(200), &moment));
        let now = moved(&past, 1, 61).expect("moves");
        assert_eq!((now.reports[0].changed_by.as_deref(), now.reports[0].changed_at), (Some("boss"), at(1_000)));
        assert_eq!(now.reports[0].version, 2);
    }
}
