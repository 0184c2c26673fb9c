//! The past against the rules of the trade, row by row.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

#[test]
fn it_is_the_same_each_time() {
    let (first, again) = (weeks(today(), 23), weeks(today(), 23));
    assert_eq!(first, again);
    assert_ne!(first.history.events, weeks(today().succ_opt().expect("a day"), 23).history.events);
}

#[test]
fn there_is_enough_of_it_on_every_day_of_the_week() {
    for ahead in 0..7 {
        let past = weeks(today().checked_add_days(Days::new(ahead)).expect("a day"), 23);
        let history = &past.history;
        assert!(history.events.len() > 20_000, "{ahead}: {}", history.events.len());
        let reasons: BTreeSet<_> = history.sessions.iter().map(|session| session.close_reason as u8).collect();
        assert_eq!(reasons.len(), 6, "sessions end in every way there is");
        let states: BTreeSet<_> = history.reports.iter().map(|report| report.state as u8).collect();
        assert_eq!(states.len(), 6, "{ahead}: reports stand in every state there is: {states:?}");
        let counts = [history.approvals.len(), history.calls.len(), history.answers.len(), history.amendments.len()];
        assert!(counts.iter().all(|count| *count > 2), "{counts:?}");
        assert_eq!(history.quarantine.len(), 1);
        assert!(past.jobs.iter().flat_map(|job| &job.items).filter(|item| item.closed_short_at.is_some()).count() == 1);
    }
}

#[test]
fn a_step_never_takes_more_than_the_one_before_had_given() {
    let past = weeks(today(), 23);
    let mut entries: Vec<_> = past.history.entries.iter().collect();
    entries.sort_by_key(|entry| entry.occurred_at);
    let steps = past.jobs.iter().flat_map(|job| &job.items).flat_map(|item| item.steps.windows(2));
    let before: BTreeMap<_, _> = steps.map(|pair| (pair[1].id, pair[0].id)).collect();
    let mut balances: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for entry in entries {
        let (good, taken) = balances.entry(entry.step_id).or_default();
        *good += entry.good;
        *taken += entry.good + entry.scrap;
        let taken = *taken;
        if let Some(given) = before.get(&entry.step_id).map(|step| balances.get(step).map_or(0, |(good, _)| *good)) {
            assert!(taken <= given, "at {}: {taken} of {given}", entry.occurred_at);
        }
    }
}

#[test]
fn production_waits_for_the_approval_of_its_first_product() {
    let past = weeks(today(), 23);
    let asking: BTreeSet<_> = past
        .jobs
        .iter()
        .flat_map(|job| &job.items)
        .flat_map(|item| &item.steps)
        .filter(|step| step.first_product_approval)
        .map(|step| step.id)
        .collect();
    let production = plan::status_id(millrace_domain::status::PRODUCTION).expect("known");
    let station: BTreeMap<_, _> = past.history.sessions.iter().map(|s| (s.id, s.station_id)).collect();
    let mut last: BTreeMap<_, _> = BTreeMap::new();
    let mut asked = 0;
    for event in &past.history.events {
        let before = last.insert(station[&event.session_id], event.status_definition_id);
        let begins = event.status_definition_id == production && before != Some(production);
        let Some(step) = event.step_id.filter(|step| begins && asking.contains(step)) else { continue };
        asked += 1;
        let held = past.history.approvals.iter().any(|approval| {
            approval.step_id == step
                && approval.state == millrace_protocol::floor::ApprovalState::Approved
                && approval
                    .decided_at
                    .is_some_and(|at| at <= event.started_at && event.started_at.millis_since(at) < 12 * 60 * MINUTE)
                && approval.ended_at.is_none_or(|at| event.started_at < at)
        });
        assert!(held, "production at {} without approval", event.started_at);
    }
    assert!(asked > 50, "{asked}");
}

#[test]
fn a_floor_with_few_kiosks_has_the_same_past_on_tablets() {
    let past = weeks(today(), 3);
    assert_eq!(past.history.kiosks.len(), 21);
    assert_eq!(past.history.events, weeks(today(), 23).history.events);
}

#[test]
fn figures_by_the_calendar_are_those_of_a_real_plant() {
    let [production, cleaning] =
        [millrace_domain::status::PRODUCTION, "cleaning"].map(|key| plan::status_id(key).expect("known"));
    let length = |from: Timestamp, until: Timestamp| until.millis_since(from);
    for ahead in 0..7 {
        let today = today().checked_add_days(Days::new(ahead)).expect("a day");
        let (turns, history) = (shifts::turns(today, DAYS), weeks(today, 23).history);
        let stations: BTreeMap<_, _> = history.sessions.iter().map(|s| (s.id, s.station_id)).collect();
        let mut spent: BTreeMap<_, i64> = BTreeMap::new();
        for event in &history.events {
            let of = (stations[&event.session_id], event.status_definition_id);
            *spent.entry(of).or_default() += length(event.started_at, event.ended_at);
        }
        for (number, row) in stations::BASIC.iter().enumerate() {
            let spent = |status| spent.get(&(plan::station_id(number), status)).copied().unwrap_or_default();
            let whole = |turn: &Turn| {
                length(turn.from, turn.until)
                    - turn.breaks.iter().map(|(from, until)| length(*from, *until)).sum::<i64>()
            };
            let planned: i64 = turns.iter().filter(|turn| turn.areas.contains(&row.3)).map(whole).sum();
            let availability = spent(production) * 100 / (planned - spent(cleaning));
            assert!((55..=85).contains(&availability), "{} on {today}: {availability} %", row.0);
        }
    }
}
