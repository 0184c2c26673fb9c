//! Shifts over ordinary days, over both changes of the clocks, and drafts that can't be.

use super::*;
use millrace_protocol::plant::{LocalTime, ShiftBreak};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;

fn time(text: &str) -> LocalTime {
    text.parse().expect("a time of day")
}

fn shift(name: &str, from: &str, until: &str, breaks: &[(&str, &str)]) -> PlannedShift {
    let pause = |(from, until): &(&str, &str)| ShiftBreak { starts_at: time(from), ends_at: time(until) };
    let breaks = breaks.iter().map(pause).collect();
    PlannedShift { name: name.into(), starts_at: time(from), ends_at: time(until), breaks }
}

fn three_shifts() -> Vec<PlannedShift> {
    vec![
        shift("early", "06:00", "14:00", &[("10:00", "10:30")]),
        shift("late", "14:00", "22:00", &[("18:00", "18:30")]),
        shift("night", "22:00", "06:00", &[("23:45", "00:15"), ("03:00", "03:15")]),
    ]
}

fn every_day(shifts: &[PlannedShift]) -> ShiftWeek {
    let mut week = ShiftWeek::default();
    for (_, day) in days_of(&mut week) {
        *day = shifts.to_vec();
    }
    week
}

fn draft(week: ShiftWeek, exceptions: Vec<ShiftException>) -> ShiftCalendarDraft {
    ShiftCalendarDraft { name: "Three shifts".into(), time_zone: "Europe/Berlin".into(), week, exceptions }
}

fn calendar(zone: &str, week: ShiftWeek) -> Calendar {
    Calendar::new(zone, week, Vec::new()).expect("a zone")
}

fn moment(text: &str) -> Timestamp {
    serde_json::from_value(text.into()).expect("a moment")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn exception(on: &str, shifts: Vec<PlannedShift>) -> ShiftException {
    ShiftException { day: day(on), shifts, note: None }
}

#[test]
fn a_shift_belongs_to_the_day_it_began() {
    let calendar = calendar("Europe/Berlin", every_day(&three_shifts()));
    let night = shift_at(&calendar, moment("2026-11-24T03:30:00Z")).expect("a shift");
    assert_eq!((night.name.as_str(), night.day), ("night", day("2026-11-23")));
    assert_eq!(night.starts_at, moment("2026-11-23T21:00:00Z"));
    assert_eq!(night.ends_at, moment("2026-11-24T05:00:00Z"));
    assert_eq!(night.breaks[0], Span { from: moment("2026-11-23T22:45:00Z"), until: moment("2026-11-23T23:15:00Z") });
    assert_eq!(night.breaks[1].from, moment("2026-11-24T02:00:00Z"));
    let early = shift_at(&calendar, night.ends_at).expect("the next one begins where it ends");
    assert_eq!((early.name.as_str(), early.day), ("early", day("2026-11-24")));
}

#[test]
fn a_night_in_spring_is_an_hour_shorter_and_one_in_autumn_an_hour_longer() {
    let calendar = calendar("Europe/Berlin", every_day(&three_shifts()));
    for (at, hours) in [("2026-03-29T00:30:00Z", 7), ("2026-10-25T00:30:00Z", 9), ("2026-06-01T00:30:00Z", 8)] {
        let night = shift_at(&calendar, moment(at)).expect("a shift");
        assert_eq!((night.name.as_str(), night.ends_at.millis_since(night.starts_at)), ("night", hours * HOUR), "{at}");
    }
}

#[test]
fn a_shift_that_the_clocks_jump_over_is_none_and_one_that_they_cut_is_shorter() {
    let gone = calendar("Europe/Berlin", every_day(&[shift("a", "02:10", "02:50", &[])]));
    assert_eq!(shifts_between(&gone, moment("2026-03-28T12:00:00Z"), moment("2026-03-29T12:00:00Z")), []);
    let cut = calendar("Europe/Berlin", every_day(&[shift("a", "02:30", "04:00", &[("02:40", "02:50")])]));
    let lived = shift_at(&cut, moment("2026-03-29T01:00:00Z")).expect("at 03:00, when the clocks are set");
    assert_eq!((lived.starts_at, lived.ends_at), (moment("2026-03-29T01:00:00Z"), moment("2026-03-29T02:00:00Z")));
    assert_eq!(lived.breaks, [], "its break did not happen");
}

#[test]
fn an_exception_takes_the_place_of_its_weekday() {
    let made = draft(every_day(&three_shifts()), vec![exception("2026-12-25", vec![])]);
    let made = checked(made).expect("can be");
    let calendar = Calendar::new(&made.time_zone, made.week, made.exceptions).expect("a zone");
    let name = |at| shift_at(&calendar, moment(at)).map(|shift| shift.name);
    assert_eq!(name("2026-12-25T04:30:00Z").as_deref(), Some("night"), "it began on the 24th");
    assert_eq!(name("2026-12-25T05:30:00Z"), None);
    assert_eq!(name("2026-12-26T01:00:00Z"), None, "the night of the 25th");
    assert_eq!(name("2026-12-26T05:30:00Z").as_deref(), Some("early"));
}

#[test]
fn a_day_of_one_shift_may_last_until_the_same_time_tomorrow() {
    let made = checked(draft(every_day(&[shift("all", "07:00", "07:00", &[("00:00", "01:00")])]), vec![]));
    let made = made.expect("can be");
    let calendar = Calendar::new(&made.time_zone, made.week, vec![]).expect("a zone");
    let lived = shift_at(&calendar, moment("2026-11-24T05:59:00Z")).expect("a shift");
    assert_eq!((lived.day, lived.ends_at), (day("2026-11-23"), moment("2026-11-24T06:00:00Z")));
    assert_eq!(lived.breaks[0].from, moment("2026-11-23T23:00:00Z"));
}

#[test]
fn drafts_that_can_not_be_are_refused_with_a_word_on_where() {
    let on_monday = |shifts: &[PlannedShift]| ShiftWeek { monday: shifts.to_vec(), ..ShiftWeek::default() };
    let said = |draft: ShiftCalendarDraft| match checked(draft) {
        Err(Refusal::Invalid { what }) => what,
        other => panic!("{other:?}"),
    };
    let overlapping = on_monday(&[shift("a", "06:00", "14:00", &[]), shift("b", "13:59", "15:00", &[])]);
    assert!(said(draft(overlapping, vec![])).contains("a (Monday) and b (Monday)"));
    let mut into_tuesday = on_monday(&[shift("night", "22:00", "06:00", &[])]);
    into_tuesday.tuesday = vec![shift("early", "05:00", "13:00", &[])];
    assert!(said(draft(into_tuesday, vec![])).contains("night (Mon)"));
    let mut over_the_week = on_monday(&[shift("early", "05:00", "13:00", &[])]);
    over_the_week.sunday = vec![shift("night", "22:00", "06:00", &[])];
    assert!(said(draft(over_the_week, vec![])).contains("night (Sun)"));
    for (from, until) in [("05:00", "05:30"), ("13:30", "14:30"), ("10:00", "10:00"), ("12:00", "11:00")] {
        let week = on_monday(&[shift("a", "06:00", "14:00", &[(from, until)])]);
        assert!(said(draft(week, vec![])).contains("is not inside its shift"), "{from} {until}");
    }
    let twice = vec![exception("2026-12-25", vec![]), exception("2026-12-25", vec![])];
    assert!(said(draft(ShiftWeek::default(), twice)).contains("2026-12-25 is there twice"));
    let after_a_night = vec![exception("2026-11-24", vec![shift("a", "05:00", "09:00", &[])])];
    assert!(said(draft(every_day(&three_shifts()), after_a_night)).contains("night (2026-11-23)"));
    let nowhere = ShiftCalendarDraft { time_zone: "Europe/Atlantis".into(), ..draft(ShiftWeek::default(), vec![]) };
    assert!(said(nowhere).contains("time zone"));
}

/// Zones with a change in spring and autumn, north and south, by an hour and by half of one, and one without.
const ZONES: [&str; 6] =
    ["Europe/Berlin", "Asia/Jerusalem", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"];

fn around_the_clock(cuts: &[u16]) -> Vec<PlannedShift> {
    let at = |minutes: u16| LocalTime::new(minutes / 60, minutes % 60).expect("within a day");
    let next = |i: usize| cuts[(i + 1) % cuts.len()];
    let shift = |(i, cut): (usize, &u16)| PlannedShift {
        name: format!("{i}"),
        starts_at: at(*cut),
        ends_at: at(next(i)),
        breaks: Vec::new(),
    };
    cuts.iter().enumerate().map(shift).collect()
}

proptest! {
    #[test]
    fn around_the_clock_every_moment_belongs_to_one_shift_also_when_clocks_are_set(
        zone in proptest::sample::select(&ZONES[..]),
        cuts in proptest::collection::btree_set(0u16..1_440, 1..5),
        minutes in 0i64..2 * 366 * 1_440,
    ) {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        let calendar = calendar(zone, every_day(&around_the_clock(&cuts)));
        let now = moment("2026-01-01T00:00:00Z").plus_millis(minutes * 60_000);
        let found = shift_at(&calendar, now);
        prop_assert!(found.is_some());
        let (from, until) = (now.plus_millis(-30 * HOUR), now.plus_millis(30 * HOUR));
        let shifts = shifts_between(&calendar, from, until);
        for pair in shifts.windows(2) {
            prop_assert_eq!(pair[0].ends_at, pair[1].starts_at, "no gap, no overlap");
        }
        prop_assert!(shifts[0].starts_at <= from && shifts[shifts.len() - 1].ends_at >= until);
        let holding: Vec<_> = shifts.into_iter().filter(|s| s.starts_at <= now && now < s.ends_at).collect();
        prop_assert_eq!(holding, vec![found.expect("asserted")]);
    }

    #[test]
    fn what_a_check_lets_through_never_overlaps_in_reality(
        zone in proptest::sample::select(&ZONES[..]),
        week in proptest::collection::vec(proptest::collection::vec((0u16..1_440, 1u16..=1_440), 0..3), 7),
        minutes in 0i64..366 * 1_440,
    ) {
        let at = |minutes: u16| LocalTime::new(minutes % 1_440 / 60, minutes % 60).expect("within a day");
        let mut planned = ShiftWeek::default();
        for ((_, day), shifts) in days_of(&mut planned).into_iter().zip(&week) {
            *day = shifts.iter().map(|(from, long)| PlannedShift {
                name: "s".into(),
                starts_at: at(*from),
                ends_at: at(from + long),
                breaks: vec![ShiftBreak { starts_at: at(from + long / 3), ends_at: at(from + long / 2) }],
            }).filter(|shift| shift.breaks[0].starts_at != shift.breaks[0].ends_at).collect();
        }
        let draft = ShiftCalendarDraft { time_zone: zone.into(), ..draft(planned, vec![]) };
        if let Ok(draft) = checked(draft) {
            let calendar = calendar(zone, draft.week);
            let from = moment("2026-01-01T00:00:00Z").plus_millis(minutes * 60_000);
            let shifts = shifts_between(&calendar, from, from.plus_millis(72 * HOUR));
            for pair in shifts.windows(2) {
                prop_assert!(pair[0].ends_at <= pair[1].starts_at);
            }
            for shift in &shifts {
                prop_assert!(shift.starts_at < shift.ends_at);
                prop_assert!(shift_at(&calendar, shift.starts_at).is_some_and(|found| found == *shift));
                prop_assert!(shift.breaks.iter().all(|b| shift.starts_at <= b.from && b.until <= shift.ends_at));
            }
        }
    }
}
