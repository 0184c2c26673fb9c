//! Binding, switching and unbinding the item that a session works on. Each splits the open status event, so that an
//! item's time is the sum of its events and nothing else.

use super::addition::{Added, here};
use super::{Effect, Effects, Live, Moment, amended, begins, changed, made, produces};
use crate::Refusal;
use millrace_protocol::StatusEventId;
use millrace_protocol::job::{JobItem, JobStep};
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;

/// An item and its step at the session's station.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'i> {
    /// The item.
    pub item: &'i JobItem,
    /// Its step.
    pub step: &'i JobStep,
}

/// Works on another item, or on none, from `at` on. Binding what is bound already changes nothing but contact.
///
/// # Errors
/// [`Refusal::JobItemRequired`] where production would go on without an item.
pub fn bind(
    live: &Live,
    bound: Option<Bound<'_>>,
    added: &Added,
    at: Timestamp,
    moment: &Moment<'_>,
) -> Result<(Live, Effects), Refusal> {
    if bound.is_none() && produces(&live.event) {
        return Err(Refusal::JobItemRequired);
    }
    let same = live.session.step_id == bound.map(|bound| bound.step.id);
    let at = at.max(live.event.started_at);
    let mut effects = vec![];
    let mut event = live.event.clone();
    if !same {
        let (closed, _) = amended(&live.event, |event| event.ended_at = Some(at));
        event = continued(&live.event, bound, at, moment);
        effects.extend([closed, made(&event)]);
        effects
            .extend(begins(&event, live.session.station_id).filter(|effect| matches!(effect, Effect::Freeze { .. })));
    }
    let left_uncounted = !same && produces(&live.event) && added.entry.is_none();
    let (updated, session) = changed(&live.session, |session| {
        name(session, bound);
        session.count_missing |= left_uncounted;
        added.tally(session);
        here(session);
    });
    effects.push(updated);
    effects.extend(added.effects());
    Ok((Live { session, event, epoch: live.epoch }, effects))
}

/// Writes it into history: the event that covers `at` is split, the session is not touched.
#[must_use]
pub fn bind_late(
    covering: &StatusEvent,
    bound: Option<Bound<'_>>,
    at: Timestamp,
    moment: &Moment<'_>,
) -> (StatusEvent, Effects) {
    let (cut, _) = amended(covering, |event| event.ended_at = Some(at));
    let mut event = continued(covering, bound, at, moment);
    event.ended_at = covering.ended_at;
    let mut effects = vec![cut, made(&event)];
    if let (true, Some(item)) = (produces(&event), event.job_item_id) {
        effects.push(Effect::Freeze { item, at });
    }
    (event, effects)
}

/// The same status, from `at` on, on another item.
fn continued(event: &StatusEvent, bound: Option<Bound<'_>>, at: Timestamp, moment: &Moment<'_>) -> StatusEvent {
    StatusEvent {
        id: StatusEventId(moment.chance.uuid(moment.now)),
        job_item_id: bound.map(|bound| bound.item.id),
        job_item_name: bound.map(|bound| bound.item.name.clone()),
        job_number: bound.map(|bound| bound.item.job_number.clone()),
        step_id: bound.map(|bound| bound.step.id),
        started_at: at,
        ended_at: None,
        version: 1,
        ..event.clone()
    }
}

/// The session works on this item, or on none.
pub(crate) fn name(session: &mut Session, bound: Option<Bound<'_>>) {
    session.job_id = bound.map(|bound| bound.item.job_id);
    session.job_number = bound.map(|bound| bound.item.job_number.clone());
    session.job_item_id = bound.map(|bound| bound.item.id);
    session.job_item_name = bound.map(|bound| bound.item.name.clone());
    session.step_id = bound.map(|bound| bound.step.id);
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{FixedChance, at, item, live};
    use super::*;
    use crate::Policy;
    use millrace_protocol::status::MachineState;

    fn bound(live: &Live, item: &JobItem, millis: i64) -> Result<(Live, Effects), Refusal> {
        let policy = Policy::default();
        let moment = Moment { now: at(millis), chance: &FixedChance, policy: &policy };
        let bound = Bound { item, step: &item.steps[0] };
        bind(live, Some(bound), &Added::default(), at(millis), &moment)
    }

    #[test]
    fn switching_splits_the_open_event_and_keeps_the_status() {
        let item = item(10, &[(1, 0, 0)]);
        let (after, effects) = bound(&live(), &item, 400).expect("binds");
        assert!(matches!(&effects[0], Effect::StatusEvent { new, .. } if new.ended_at == Some(at(400))));
        assert_eq!((after.event.started_at, after.event.job_item_id), (at(400), Some(item.id)));
        assert_eq!(after.event.status_definition_id, live().event.status_definition_id);
        assert_eq!(after.session.last_status_change_at, live().session.last_status_change_at, "the status goes on");
        assert_eq!(after.session.step_id, Some(item.steps[0].id));
    }

    #[test]
    fn binding_what_is_bound_splits_nothing() {
        let item = item(10, &[(1, 0, 0)]);
        let (once, _) = bound(&live(), &item, 400).expect("binds");
        let (twice, _) = bound(&once, &item, 500).expect("binds again");
        assert_eq!(twice.event, once.event);
    }

    #[test]
    fn an_item_that_is_produced_late_is_frozen_as_well() {
        let policy = Policy::default();
        let moment = Moment { now: at(900), chance: &FixedChance, policy: &policy };
        let item = item(10, &[(1, 0, 0)]);
        let bound = Some(Bound { item: &item, step: &item.steps[0] });
        let mut covering = live().event;
        covering.ended_at = Some(at(800));
        let freezes = |effects: &Effects| effects.iter().any(|effect| matches!(effect, Effect::Freeze { .. }));
        assert!(!freezes(&bind_late(&covering, bound, at(400), &moment).1), "a stop produces nothing");
        covering.status.machine_state = MachineState::Production;
        let (event, effects) = bind_late(&covering, bound, at(400), &moment);
        assert!(freezes(&effects));
        assert_eq!((event.started_at, event.ended_at), (at(400), Some(at(800))));
    }

    #[test]
    fn production_does_not_go_on_without_an_item() {
        let policy = Policy::default();
        let moment = Moment { now: at(9), chance: &FixedChance, policy: &policy };
        let mut producing = live();
        producing.event.status.machine_state = MachineState::Production;
        assert_eq!(bind(&producing, None, &Added::default(), at(9), &moment).err(), Some(Refusal::JobItemRequired));
        assert!(bind(&live(), None, &Added::default(), at(9), &moment).is_ok());
    }
}
