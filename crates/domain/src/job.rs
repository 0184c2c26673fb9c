//! Jobs: what can be worked on where, and how far it is. Progress is derived, never set.

use crate::Refusal;
use millrace_protocol::StationId;
use millrace_protocol::StepId;
use millrace_protocol::job::{JobItem, JobStep};

/// Works out what is derived in an item: its progress, and what waits before each step.
pub fn derive(item: &mut JobItem) {
    let mut before: Option<u64> = None;
    for step in &mut item.steps {
        step.wip = before.map_or(0, |good| good.saturating_sub(step.good + step.scrap));
        before = Some(step.good);
    }
    item.completed_good = item.steps.iter().filter(|step| step.is_terminal).map(|step| step.good).sum();
    item.completed_scrap = item.steps.iter().map(|step| step.scrap).sum();
    let (enough, missing) = progress(item.planned_quantity, item.completed_good, item.completed_scrap);
    item.complete = enough || item.closed_short_at.is_some();
    item.missing = missing;
}

/// Whether so many good pieces are enough, and how many can't come any more: once good and scrap together reach what
/// was planned, what is lacking is missing.
#[must_use]
pub fn progress(planned: u64, good: u64, scrap: u64) -> (bool, u64) {
    let used_up = good + scrap >= planned;
    (good >= planned, if used_up { planned.saturating_sub(good) } else { 0 })
}

/// The step of an item that may be worked on at a station. A completed item stays choosable: more may be made.
///
/// # Errors
/// [`Refusal::StepNotAllowed`] for a step of another item or another station, and for an item out of work.
pub fn step_at(item: &JobItem, step: StepId, station: StationId) -> Result<&JobStep, Refusal> {
    let no = |what: &str| Err(Refusal::StepNotAllowed { what: what.to_owned() });
    if item.archived_at.is_some() {
        return no("This item is archived. Choose another.");
    }
    if item.closed_short_at.is_some() {
        return no("This item was closed short. Choose another, or have it reopened.");
    }
    let Some(found) = item.steps.iter().find(|candidate| candidate.id == step) else {
        return no("This step is not one of the item. Reload the list of items.");
    };
    if found.station_id != station {
        return no("This step is done at another station. Choose a step of this one.");
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{id, item};

    #[test]
    fn the_terminal_step_alone_advances_the_item() {
        let mut item = item(10, &[(1, 9, 1), (2, 4, 2)]);
        derive(&mut item);
        assert_eq!((item.completed_good, item.completed_scrap, item.complete), (4, 3, false));
        assert_eq!((item.steps[0].wip, item.steps[1].wip), (0, 3), "nine came, six were counted");
    }

    #[test]
    fn an_item_is_complete_by_good_pieces_or_when_closed_short() {
        for (good, scrap, complete, missing) in [(9, 0, false, 0), (9, 1, false, 1), (10, 0, true, 0), (12, 3, true, 0)]
        {
            let mut item = item(10, &[(1, good, scrap)]);
            derive(&mut item);
            assert_eq!((item.complete, item.missing), (complete, missing), "{good} good, {scrap} scrap");
        }
        let mut short = item(10, &[(1, 3, 0)]);
        short.closed_short_at = Some(crate::session::fixtures::at(0));
        derive(&mut short);
        assert!(short.complete);
    }

    #[test]
    fn a_step_is_worked_on_at_its_station_only() {
        let item = item(10, &[(1, 0, 0), (2, 0, 0)]);
        let at = |step: usize, station: u8| step_at(&item, item.steps[step].id, StationId(id(station))).is_ok();
        assert!(at(0, 1) && at(1, 2));
        assert!(!at(0, 2) && !at(1, 1));
        assert!(step_at(&item, StepId(id(99)), StationId(id(1))).is_err());
    }

    #[test]
    fn what_is_out_of_work_is_not_worked_on() {
        for change in [
            |item: &mut JobItem| item.archived_at = Some(crate::session::fixtures::at(0)),
            |item: &mut JobItem| item.closed_short_at = Some(crate::session::fixtures::at(0)),
        ] {
            let mut item = item(10, &[(1, 0, 0)]);
            change(&mut item);
            assert!(step_at(&item, item.steps[0].id, StationId(id(1))).is_err());
        }
    }
}
