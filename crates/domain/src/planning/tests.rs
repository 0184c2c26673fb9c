//! Planning, case by case.

use super::*;
use crate::session::fixtures::{at, id, item};
use millrace_protocol::{JobId, PresetId, StationId};
use proptest::prelude::*;

fn draft(station: u8) -> StepDraft {
    StepDraft {
        id: None,
        station_id: StationId(id(station)),
        planned_ms_per_piece: None,
        first_product_approval: false,
    }
}

fn named(step: u8, station: u8) -> StepDraft {
    StepDraft { id: Some(StepId(id(step))), ..draft(station) }
}

/// Steps at these stations; the first has the id 51, and so on.
fn steps(stations: &[u8]) -> Vec<JobStep> {
    let stations: Vec<_> = stations.iter().map(|station| (*station, 0, 0)).collect();
    item(10, &stations).steps
}

fn ids(change: &StepChange) -> Vec<Option<StepId>> {
    change.steps.iter().map(|step| step.is).collect()
}

#[test]
fn a_job_has_a_number_and_a_day_there_is() {
    let job = |number: &str, due_on: Option<&str>| {
        check_job(&JobDraft {
            number: number.into(),
            customer: Some("  ".into()),
            description: None,
            due_on: due_on.map(str::to_owned),
        })
    };
    let kept = job(" J-1 ", Some("2028-02-29")).expect("a job");
    assert_eq!((kept.number.as_str(), kept.customer, kept.due_on.as_deref()), ("J-1", None, Some("2028-02-29")));
    for number in ["", "  ", &"9".repeat(61), "a\0b"] {
        assert!(job(number, None).is_err(), "{number:?}");
    }
    for day in ["2027-02-29", "29.2.2028", "2028-2-29", "tomorrow", "+2028-2-29", ""] {
        assert!(job("J-1", Some(day)).is_err(), "{day:?}");
    }
}

#[test]
fn an_item_has_pieces_and_its_steps_from_one_place() {
    let drafted = |pieces, steps: Option<Vec<StepDraft>>, preset: bool| JobItemDraft {
        name: "Shaft".into(),
        planned_quantity: pieces,
        steps,
        preset_id: preset.then(|| PresetId(id(9))),
    };
    assert!(check_new_item(drafted(1, Some(vec![draft(1)]), false)).is_ok());
    assert!(check_new_item(drafted(1, None, true)).is_ok());
    assert!(check_item(drafted(1, None, false)).is_ok(), "a change may leave the steps as they are");
    assert!(check_new_item(drafted(1, None, false)).is_err());
    assert!(check_new_item(drafted(1, Some(vec![draft(1)]), true)).is_err(), "which of the two?");
    assert!(check_new_item(drafted(0, None, true)).is_err());
    assert!(check_new_item(drafted(PIECES_MAX + 1, None, true)).is_err());
    assert!(check_new_item(drafted(1, Some(vec![]), false)).is_err(), "no step, no progress");
    assert!(check_new_item(drafted(1, Some(vec![draft(1); STEPS_MAX + 1]), false)).is_err());
}

#[test]
fn a_planned_time_is_some_time() {
    for (ms, taken) in [(None, true), (Some(0), false), (Some(1), true), (Some(PIECE_MS_MAX + 1), false)] {
        let step = StepDraft { planned_ms_per_piece: ms, ..draft(1) };
        assert_eq!(check_steps(&[step]).is_ok(), taken, "{ms:?}");
    }
}

#[test]
fn the_steps_of_a_preset_are_no_items() {
    let preset = |steps| check_preset(PresetDraft { name: "Turned parts".into(), steps });
    assert!(preset(vec![draft(1), draft(1)]).is_ok());
    assert!(preset(vec![named(51, 1)]).is_err());
}

#[test]
fn the_same_steps_are_no_change_even_when_frozen() {
    let have = steps(&[1, 2, 1]);
    for wanted in [
        vec![draft(1), draft(2), draft(1)],
        vec![named(51, 1), named(52, 2), named(53, 1)],
        vec![draft(1), named(52, 2), draft(1)],
    ] {
        assert_eq!(change_steps(Some(at(5)), &have, &wanted), Ok(None), "{wanted:?}");
    }
}

#[test]
fn after_the_first_production_no_step_is_touched() {
    let have = steps(&[1, 2]);
    let timed = StepDraft { planned_ms_per_piece: Some(5), ..draft(2) };
    let approved = StepDraft { first_product_approval: true, ..draft(2) };
    for wanted in [
        vec![draft(1)],
        vec![draft(2), draft(1)],
        vec![draft(1), draft(2), draft(2)],
        vec![draft(1), draft(3)],
        vec![draft(1), timed],
        vec![draft(1), approved],
    ] {
        let frozen = change_steps(Some(at(5)), &have, &wanted);
        assert_eq!(frozen, Err(Refusal::StepsFrozen { since: at(5) }), "{wanted:?}");
        assert!(change_steps(None, &have, &wanted).is_ok_and(|change| change.is_some()), "{wanted:?}");
    }
}

#[test]
fn a_step_stays_itself_wherever_it_is_put() {
    let have = steps(&[1, 2, 1]);
    let swapped = change_steps(None, &have, &[named(53, 1), draft(2), draft(1)]).expect("may").expect("changes");
    assert_eq!(ids(&swapped), [Some(StepId(id(53))), Some(StepId(id(52))), Some(StepId(id(51)))]);
    assert!(swapped.gone.is_empty());
}

#[test]
fn a_step_at_another_station_is_another_step() {
    let have = steps(&[1, 2]);
    let moved = change_steps(None, &have, &[named(51, 1), named(52, 7)]).expect("may").expect("changes");
    assert_eq!(ids(&moved), [Some(StepId(id(51))), None]);
    assert_eq!(moved.gone, have[1..]);
}

#[test]
fn a_step_of_another_item_or_one_named_twice_is_refused() {
    let have = steps(&[1, 2]);
    for wanted in [vec![named(59, 1)], vec![named(51, 1), named(51, 1)], vec![named(51, 7), named(51, 1)]] {
        assert!(matches!(change_steps(None, &have, &wanted), Err(Refusal::Invalid { .. })), "{wanted:?}");
    }
}

#[test]
fn closing_short_and_reopening_take_turns() {
    let open = item(10, &[(1, 0, 0)]);
    let closed = JobItem { closed_short_at: Some(at(1)), ..open.clone() };
    assert!(may_close_short(&open).is_ok() && may_reopen(&closed).is_ok());
    assert!(may_close_short(&closed).is_err() && may_reopen(&open).is_err());
    let done = JobItem { completed_good: open.planned_quantity, ..open.clone() };
    assert!(may_close_short(&done).is_err(), "nothing of it is short");
    for item in [open, closed] {
        let away = JobItem { archived_at: Some(at(2)), ..item };
        assert!(may_close_short(&away).is_err() && may_reopen(&away).is_err());
    }
}

#[test]
fn a_job_is_done_when_all_that_counts_is() {
    let open = item(10, &[(1, 0, 0)]);
    let done = JobItem { complete: true, ..open.clone() };
    let away = JobItem { archived_at: Some(at(1)), ..open.clone() };
    let job = |items: &[&JobItem]| Job {
        id: JobId(id(51)),
        number: "J-1".into(),
        customer: None,
        description: None,
        due_on: None,
        archived_at: None,
        items: items.iter().map(|item| (*item).clone()).collect(),
        version: 1,
    };
    assert_eq!(job_state(&job(&[])), JobState::Open, "nobody has said yet what is to be made");
    assert_eq!(job_state(&job(&[&done, &open])), JobState::Open);
    assert_eq!(job_state(&job(&[&done, &away])), JobState::Done);
    assert_eq!(job_state(&job(&[&away])), JobState::Open);
    assert_eq!(job_state(&Job { archived_at: Some(at(1)), ..job(&[&done]) }), JobState::Archived);
    assert_eq!([&open, &done, &away].map(item_state), [JobState::Open, JobState::Done, JobState::Archived]);
}

proptest! {
    /// Whatever is asked for: each step that was there is kept once or gone, none is two, and each keeps its station.
    #[test]
    fn no_step_is_lost_or_doubled(
        had in proptest::collection::vec(1u8..4, 1..6),
        wanted in proptest::collection::vec((1u8..4, proptest::option::of(0usize..6)), 1..6),
    ) {
        let have = steps(&had);
        let wanted: Vec<StepDraft> = wanted
            .iter()
            .map(|(station, step)| StepDraft {
                id: step.and_then(|step| have.get(step)).map(|step| step.id),
                ..draft(*station)
            })
            .collect();
        if let Ok(Some(change)) = change_steps(None, &have, &wanted) {
            let mut kept: Vec<StepId> = change.steps.iter().filter_map(|step| step.is).collect();
            for step in &change.steps {
                let was = have.iter().find(|had| Some(had.id) == step.is);
                prop_assert!(was.is_none_or(|was| was.station_id == step.draft.station_id));
            }
            kept.extend(change.gone.iter().map(|step| step.id));
            kept.sort();
            let mut all: Vec<StepId> = have.iter().map(|step| step.id).collect();
            all.sort();
            prop_assert_eq!(kept, all);
            prop_assert_eq!(change.steps.len(), wanted.len());
        }
    }
}
