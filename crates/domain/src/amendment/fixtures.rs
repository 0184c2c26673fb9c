//! What the tests of amendments share: a session with three stretches and two counts.

use super::{Decided, Past};
use crate::session::Effect;
use crate::session::fixtures::{at, definition, id, item, live};
use crate::status::{PRODUCTION, STOP};
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::session::{CloseReason, SessionStatus, Totals};
use millrace_protocol::status::{CurrentStatus, MachineState, StatusDefinition, StatusEvent, TimeClass};
use millrace_protocol::{QuantityEntryId, StatusEventId};

pub(super) fn production() -> StatusDefinition {
    StatusDefinition {
        machine_state: MachineState::Production,
        time_class: TimeClass::Production,
        ..definition(PRODUCTION)
    }
}

/// stop 0–100, production 100–200 with 10 good and 2 scrap on step 1, stop from 200 on.
pub(crate) fn past() -> Past {
    let live = live();
    let made = item(100, &[(1, 0, 0), (1, 0, 0)]);
    let stretch = |n: u8, definition: &StatusDefinition, from: i64, until: Option<i64>| StatusEvent {
        id: StatusEventId(id(n)),
        status_definition_id: definition.id,
        status: CurrentStatus::from(definition),
        time_class: Some(definition.time_class),
        job_item_id: Some(made.id),
        job_item_name: Some(made.name.clone()),
        job_number: Some(made.job_number.clone()),
        step_id: Some(made.steps[0].id),
        started_at: at(from),
        ended_at: until.map(at),
        ..live.event.clone()
    };
    let stop = definition(STOP);
    let events = vec![
        stretch(101, &stop, 0, Some(100)),
        stretch(102, &production(), 100, Some(200)),
        stretch(103, &stop, 200, None),
    ];
    let entry = QuantityEntry {
        id: QuantityEntryId(id(110)),
        session_id: live.session.id,
        status_event_id: Some(events[1].id),
        job_item_id: Some(made.id),
        step_id: Some(made.steps[0].id),
        good: 10,
        scrap: 2,
        scrap_reason_id: None,
        note: Some("bent".into()),
        counter: None,
        kind: EntryKind::Count,
        corrects_id: None,
        occurred_at: at(200),
    };
    let mut session = live.session;
    session.totals = Totals { good: 10, scrap: 2 };
    session.last_status_change_at = at(200);
    session.job_item_id = Some(made.id);
    session.step_id = Some(made.steps[0].id);
    Past { session, events, entries: vec![entry], reports: vec![] }
}

/// The same, ended at 300.
pub(crate) fn ended_past() -> Past {
    let mut past = past();
    past.session.status = SessionStatus::Completed;
    past.session.close_reason = Some(CloseReason::Completed);
    past.session.ended_at = Some(at(300));
    past.events[2].ended_at = Some(at(300));
    past
}

/// What was, with what was decided done to it.
pub(super) fn after(past: &Past, decided: &Decided) -> Past {
    let mut past = past.clone();
    for effect in &decided.effects {
        match effect {
            Effect::Session { new, .. } => past.session = (**new).clone(),
            Effect::StatusEvent { new, .. } => {
                let place = past.events.iter_mut().find(|event| event.id == new.id).expect("a stretch there was");
                *place = (**new).clone();
            }
            Effect::Count(entry) => past.entries.push((**entry).clone()),
            Effect::Report { new, .. } => {
                past.reports.retain(|report| report.id != new.id);
                past.reports.push((**new).clone());
            }
            _ => {}
        }
    }
    past
}

/// The stretches follow each other without a gap, from the session's start to its end.
pub(super) fn gapless(past: &Past) -> bool {
    let first = past.events.first().expect("a stretch");
    let last = past.events.last().expect("a stretch");
    past.events.windows(2).all(|pair| pair[0].ended_at == Some(pair[1].started_at))
        && past.events.iter().all(|event| event.ended_at.is_none_or(|end| end >= event.started_at))
        && first.started_at == past.session.started_at
        && last.ended_at == past.session.ended_at
}

/// The sum of all entries is the session's totals.
pub(super) fn tallies(past: &Past) -> bool {
    let (good, scrap) = past.entries.iter().fold((0, 0), |(g, s), entry| (g + entry.good, s + entry.scrap));
    (past.session.totals.good.cast_signed(), past.session.totals.scrap.cast_signed()) == (good, scrap)
}
