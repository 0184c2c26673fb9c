//! Production that was left without a count: which stretches lack one, and which count makes up for it.
//!
//! A session only says that something is missing. What is missing follows from its stretches and its entries, so that a
//! count of another item does not make the mark go away.

use super::produces;
use millrace_protocol::StepId;
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;

/// The stretches of production that were left and never counted, of a session's stretches in their order.
///
/// Counted is what has an entry of its own at its end, or one of the same step later: a worker who counts both halves
/// at once has counted the first.
#[must_use]
pub fn uncounted<'e>(events: &'e [StatusEvent], entries: &[QuantityEntry]) -> Vec<&'e StatusEvent> {
    let lasting: Vec<&StatusEvent> = events.iter().filter(|event| !event.voided).collect();
    let left = lasting.iter().enumerate().filter_map(|(n, event)| {
        let ended = event.ended_at?;
        let goes_on = lasting.get(n + 1).is_some_and(|next| produces(next) && next.step_id == event.step_id);
        (produces(event) && !goes_on).then_some((*event, ended))
    });
    let holds = |entry: &&QuantityEntry| {
        entry.corrects_id.is_none()
            && !entries.iter().any(|other| other.kind == EntryKind::Undo && other.corrects_id == Some(entry.id))
    };
    let counts: Vec<&QuantityEntry> = entries.iter().filter(holds).collect();
    left.filter(|(event, ended)| {
        !counts.iter().any(|entry| {
            let its_own = entry.status_event_id == Some(event.id) || entry.step_id == event.step_id;
            its_own && entry.occurred_at >= *ended
        })
    })
    .map(|(event, _)| event)
    .collect()
}

/// Whether something stays uncounted once pieces of this step were counted at that moment.
#[must_use]
pub fn stays(uncounted: &[&StatusEvent], step: Option<StepId>, at: Timestamp) -> bool {
    uncounted.iter().any(|event| event.step_id != step || event.ended_at.is_none_or(|ended| at < ended))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{at, id, live};
    use super::*;
    use millrace_protocol::status::MachineState;
    use millrace_protocol::{QuantityEntryId, StatusEventId};

    /// A stretch per (produces, step), each 100 long.
    fn stretches(of: &[(bool, u8)]) -> Vec<StatusEvent> {
        (0i64..)
            .zip(of)
            .map(|(n, &(produces, step))| {
                let mut event = live().event;
                event.id = StatusEventId(id(u8::try_from(n).expect("few") + 100));
                event.started_at = at(n * 100);
                event.ended_at = Some(at((n + 1) * 100));
                event.step_id = Some(StepId(id(step)));
                if produces {
                    event.status.machine_state = MachineState::Production;
                }
                event
            })
            .collect()
    }

    fn count(n: u8, of: &StatusEvent, millis: i64) -> QuantityEntry {
        QuantityEntry {
            id: QuantityEntryId(id(n)),
            session_id: of.session_id,
            status_event_id: Some(of.id),
            job_item_id: of.job_item_id,
            step_id: of.step_id,
            good: 1,
            scrap: 0,
            scrap_reason_id: None,
            note: None,
            counter: None,
            kind: EntryKind::Count,
            corrects_id: None,
            occurred_at: at(millis),
        }
    }

    #[test]
    fn what_is_left_is_missing_until_its_own_item_is_counted() {
        let events = stretches(&[(false, 1), (true, 1), (false, 1), (true, 2), (false, 2)]);
        let missing = |entries: &[QuantityEntry]| uncounted(&events, entries).iter().map(|e| e.id).collect::<Vec<_>>();
        assert_eq!(missing(&[]), [events[1].id, events[3].id]);
        assert_eq!(missing(&[count(1, &events[3], 400)]), [events[1].id], "another item's count is none of it");
        assert_eq!(missing(&[count(1, &events[1], 150)]).len(), 2, "counted while it ran, and left without");
        assert_eq!(missing(&[count(1, &events[1], 200)]), [events[3].id]);
        assert_eq!(missing(&[count(1, &events[2], 250)]), [events[3].id], "afterwards, for the same item");
        let mut undone = count(2, &events[1], 200);
        (undone.kind, undone.corrects_id) = (EntryKind::Undo, Some(QuantityEntryId(id(1))));
        assert_eq!(missing(&[count(1, &events[1], 200), undone]).len(), 2, "taken back");
    }

    #[test]
    fn production_that_goes_on_is_not_left() {
        let mut events = stretches(&[(true, 1), (true, 1), (true, 2), (false, 2)]);
        assert_eq!(uncounted(&events, &[]).len(), 2, "the item changed, then it stopped");
        events[3].voided = true;
        events[2].ended_at = None;
        assert_eq!(uncounted(&events, &[]).iter().map(|e| e.id).collect::<Vec<_>>(), [events[1].id], "it still runs");
    }

    #[test]
    fn a_count_makes_up_for_its_step_up_to_its_moment() {
        let events = stretches(&[(true, 1), (false, 1), (true, 2), (false, 2)]);
        let missing = uncounted(&events, &[]);
        let step = |n: u8| Some(StepId(id(n)));
        assert!(stays(&missing, step(1), at(900)) && stays(&missing, step(2), at(900)), "one of two");
        assert!(!stays(&missing[..1], step(1), at(100)) && stays(&missing[..1], step(1), at(99)));
        assert!(!stays(&[], step(1), at(0)));
    }
}
