//! When the demo plant works: three calendars, and the shifts of the last weeks.

use super::ids::{Kind, id};
use super::stations::{ASSEMBLY, FINISHING, MACHINING, MOULDING};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Weekday};
use chrono_tz::Tz;
use millrace_domain::calendar::{Calendar, shifts_between};
use millrace_domain::storage::PlannedCalendar;
use millrace_protocol::ShiftCalendarId;
use millrace_protocol::plant::{LocalTime, PlannedShift, ShiftBreak, ShiftException, ShiftWeek};
use millrace_protocol::time::Timestamp;

/// Where the plant is.
const ZONE: Tz = chrono_tz::Europe::Berlin;

/// A time of the day, in the whole and the half hours' quarters that plants begin at: `HH:MM`.
type Time = &'static str;

/// A shift: name, beginning, end, breaks.
type Row = (&'static str, Time, Time, &'static [(Time, Time)]);

const EARLY: Row = ("Early", "06:00", "14:00", &[("10:00", "10:30")]);
const LATE: Row = ("Late", "14:00", "22:00", &[("18:00", "18:30")]);
const NIGHT: Row = ("Night", "22:00", "06:00", &[("02:00", "02:30")]);
const DAY: Row = ("Day", "07:00", "15:30", &[("09:30", "09:45"), ("12:00", "12:30")]);

/// A calendar: name, its areas, the shifts from Monday to Thursday, those of Friday. No night reaches into a weekend.
type Plan = (&'static str, &'static [&'static str], &'static [Row], &'static [Row]);

const CALENDARS: [Plan; 3] = [
    ("Three shifts", &[MOULDING], &[EARLY, LATE, NIGHT], &[EARLY, LATE]),
    ("Two shifts", &[MACHINING], &[EARLY, LATE], &[EARLY, LATE]),
    ("Day shift", &[FINISHING, ASSEMBLY], &[DAY], &[DAY]),
];

/// A shift of some areas on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Whose.
    pub areas: &'static [&'static str],
    /// Its place in its calendar's day, from 0.
    pub place: usize,
    /// The day it began.
    pub day: NaiveDate,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Its breaks in order.
    pub breaks: Vec<(Timestamp, Timestamp)>,
}

/// The day it is in the plant.
#[must_use]
pub fn today(now: Timestamp) -> NaiveDate {
    DateTime::from_timestamp_millis(now.millis()).unwrap_or_default().with_timezone(&ZONE).date_naive()
}

/// When a day begins in the plant.
#[must_use]
pub fn start_of(day: NaiveDate) -> Timestamp {
    // This zone's clocks change at night, but never at midnight.
    let midnight = ZONE.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    Timestamp::from_millis(midnight.map_or(0, |midnight| midnight.timestamp_millis()))
}

/// The one day of the last three weeks on which nobody worked although others would: the Wednesday of the middle week.
#[must_use]
pub fn day_off(today: NaiveDate) -> NaiveDate {
    let back = (8..15).map(|days| before(today, days));
    back.into_iter().find(|day| day.weekday() == Weekday::Wed).unwrap_or(today)
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or_default()
}

/// The calendars as the floor keeps them.
#[must_use]
pub fn calendars(today: NaiveDate) -> Vec<PlannedCalendar> {
    CALENDARS.iter().enumerate().map(|(number, plan)| calendar(number, plan, today)).collect()
}

fn calendar(number: usize, (name, areas, usual, friday): &Plan, today: NaiveDate) -> PlannedCalendar {
    let usual = shifts(usual);
    PlannedCalendar {
        id: ShiftCalendarId(id(Kind::Calendar, number)),
        name: (*name).to_owned(),
        time_zone: ZONE.name().to_owned(),
        shifts: ShiftWeek {
            monday: usual.clone(),
            tuesday: usual.clone(),
            wednesday: usual.clone(),
            thursday: usual,
            friday: shifts(friday),
            ..ShiftWeek::default()
        },
        exceptions: vec![ShiftException {
            day: day_off(today),
            shifts: Vec::new(),
            note: Some("Works outing".to_owned()),
        }],
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
    }
}

fn shifts(rows: &[Row]) -> Vec<PlannedShift> {
    // A time that is none would be a slip of ours; a test sees that there is none.
    let time = |text: Time| text.parse::<LocalTime>().ok();
    let pause = |(from, until): &(Time, Time)| Some(ShiftBreak { starts_at: time(from)?, ends_at: time(until)? });
    let shift = |(name, from, until, breaks): &Row| {
        Some(PlannedShift {
            name: (*name).to_owned(),
            starts_at: time(from)?,
            ends_at: time(until)?,
            breaks: breaks.iter().filter_map(pause).collect(),
        })
    };
    rows.iter().filter_map(shift).collect()
}

/// Every shift of so many days before today that was over when today began, in the order they began.
#[must_use]
pub fn turns(today: NaiveDate, days: u64) -> Vec<Turn> {
    let (first, until) = (before(today, days), start_of(today));
    let mut turns: Vec<Turn> = calendars(today)
        .into_iter()
        .zip(&CALENDARS)
        .filter_map(|(kept, plan)| Some((Calendar::new(&kept.time_zone, kept.shifts, kept.exceptions).ok()?, plan)))
        .flat_map(|(calendar, (_, areas, rows, _))| {
            let lived = shifts_between(&calendar, start_of(first), until).into_iter();
            let whole = lived.filter(move |shift| shift.day >= first && shift.ends_at <= until);
            whole.map(move |shift| Turn {
                areas,
                place: rows.iter().position(|row| row.0 == shift.name).unwrap_or_default(),
                day: shift.day,
                from: shift.starts_at,
                until: shift.ends_at,
                breaks: shift.breaks.iter().map(|span| (span.from, span.until)).collect(),
            })
        })
        .collect();
    turns.sort_by_key(|turn| (turn.from, turn.until));
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::calendar::checked;
    use millrace_protocol::plant::ShiftCalendarDraft;
    use std::collections::BTreeSet;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    #[test]
    fn the_calendars_are_such_as_the_office_could_have_made() {
        for calendar in calendars(day(2026, 11, 24)) {
            let count = calendar.shifts.monday.len();
            assert!(calendar.shifts.monday.iter().all(|shift| !shift.breaks.is_empty()));
            let PlannedCalendar { name, time_zone, shifts: week, exceptions, .. } = calendar;
            let draft = ShiftCalendarDraft { name: name.clone(), time_zone, week, exceptions };
            assert!(checked(draft).is_ok(), "{name}");
            assert_eq!(
                count,
                ["Day shift", "Two shifts", "Three shifts"].iter().position(|n| *n == name).expect("known") + 1
            );
        }
    }

    #[test]
    fn whatever_day_it_is_three_weeks_have_fourteen_days_of_work() {
        for ahead in (0..400).step_by(5) {
            let today = day(2026, 1, 1).checked_add_days(Days::new(ahead)).expect("a day");
            let turns = turns(today, 21);
            let days: BTreeSet<NaiveDate> = turns.iter().map(|turn| turn.day).collect();
            assert_eq!(days.len(), 14, "{today}");
            assert!(turns.iter().all(|turn| turn.until <= start_of(today) && turn.until > turn.from));
            assert!(turns.iter().flat_map(|turn| &turn.breaks).all(|(from, until)| from < until));
        }
    }

    #[test]
    fn nobody_works_at_a_weekend_in_the_plant_or_in_utc() {
        let weekend = |day: Weekday| matches!(day, Weekday::Sat | Weekday::Sun);
        for turn in turns(day(2026, 11, 24), 21) {
            for moment in [turn.from.millis(), turn.until.millis() - 1] {
                let utc = DateTime::from_timestamp_millis(moment).expect("a moment");
                assert!(!weekend(utc.weekday()) && !weekend(utc.with_timezone(&ZONE).weekday()), "{turn:?}");
            }
        }
    }
}
