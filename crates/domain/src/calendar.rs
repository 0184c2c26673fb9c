//! Shift calendars: which shift a moment belongs to.
//!
//! Shifts are said in the plant's local time and lived in real time. A shift belongs to the day it begins on. Where
//! clocks are set forward, a local time that does not exist stands for the moment they are set; where they are set
//! back, one that comes twice stands for the first of the two. Both keep the order of local times, so shifts that
//! don't overlap on paper don't in reality, and one that follows another without a gap has none in reality either.
//! A shift over such a night is an hour shorter or longer.
//!
//! Deliberately not here: what time in a shift counts as (figures do that), and who works in it.

use crate::Refusal;
use crate::draft::{invalid, name};
use crate::text::{NAME_MAX, line, line_if_any};
use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;
use millrace_protocol::plant::{PlannedShift, ShiftCalendarDraft, ShiftException, ShiftWeek};
use millrace_protocol::time::Timestamp;
use std::collections::BTreeMap;

/// The most shifts of a day.
const SHIFTS_MAX: usize = 12;
/// The most breaks of a shift.
const BREAKS_MAX: usize = 12;
/// The most exceptions of a calendar.
const EXCEPTIONS_MAX: usize = 400;
/// The longest reason of an exception, in characters.
const NOTE_MAX: usize = 200;

const DAY: u16 = 24 * 60;

/// A stretch of time, its end not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// A shift as it is lived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// What people call it.
    pub name: String,
    /// The day it belongs to, in the plant's time zone.
    pub day: NaiveDate,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends; the end is not in it.
    pub ends_at: Timestamp,
    /// Its breaks, in order.
    pub breaks: Vec<Span>,
}

/// A calendar that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    week: ShiftWeek,
    exceptions: BTreeMap<NaiveDate, Vec<PlannedShift>>,
}

impl Calendar {
    /// A calendar as it is stored.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a time zone that is not known.
    pub fn new(time_zone: &str, week: ShiftWeek, exceptions: Vec<ShiftException>) -> Result<Self, Refusal> {
        let exceptions = exceptions.into_iter().map(|exception| (exception.day, exception.shifts)).collect();
        Ok(Self { zone: zone(time_zone)?, week, exceptions })
    }

    /// The shifts that begin on a day, as they are planned.
    fn planned(&self, day: NaiveDate) -> &[PlannedShift] {
        self.exceptions.get(&day).map_or_else(|| weekday(&self.week, day.weekday()), Vec::as_slice)
    }

    /// The shifts that begin on a day, as they are lived. One that has no time on this day, because the clocks jump
    /// over it, is none.
    fn lived(&self, day: NaiveDate) -> impl Iterator<Item = Shift> + '_ {
        self.planned(day).iter().filter_map(move |planned| {
            let moment = |minutes: u16| first_moment(self.zone, at(day, minutes)?);
            let (starts, ends) = stretch(planned);
            let (starts_at, ends_at) = (moment(starts)?, moment(ends)?);
            if starts_at >= ends_at {
                return None;
            }
            let breaks = planned.breaks.iter().filter_map(|pause| {
                let (from, until) = inside(starts, pause.starts_at.minutes(), pause.ends_at.minutes());
                let span = Span { from: moment(from)?, until: moment(until)? };
                (span.from < span.until).then_some(span)
            });
            Some(Shift { name: planned.name.clone(), day, starts_at, ends_at, breaks: breaks.collect() })
        })
    }

    fn day_of(&self, moment: Timestamp) -> Option<NaiveDate> {
        let moment = DateTime::<Utc>::from_timestamp_millis(moment.millis())?;
        Some(moment.with_timezone(&self.zone).date_naive())
    }
}

/// The shift a moment belongs to, where there is one.
#[must_use]
pub fn shift_at(calendar: &Calendar, moment: Timestamp) -> Option<Shift> {
    // A shift lasts a day at most, so it began today or yesterday.
    let today = calendar.day_of(moment)?;
    let days = [today.pred_opt(), Some(today)];
    days.into_iter()
        .flatten()
        .flat_map(|day| calendar.lived(day))
        .find(|shift| shift.starts_at <= moment && moment < shift.ends_at)
}

/// The shifts that have time in a stretch, in their order. A stretch without length has none.
#[must_use]
pub fn shifts_between(calendar: &Calendar, from: Timestamp, until: Timestamp) -> Vec<Shift> {
    let (Some(first), Some(last)) = (calendar.day_of(from), calendar.day_of(until)) else { return Vec::new() };
    if from >= until {
        return Vec::new();
    }
    let mut shifts: Vec<Shift> = first
        .pred_opt()
        .unwrap_or(first)
        .iter_days()
        .take_while(|day| *day <= last)
        .flat_map(|day| calendar.lived(day))
        .filter(|shift| shift.starts_at < until && from < shift.ends_at)
        .collect();
    shifts.sort_by_key(|shift| shift.starts_at);
    shifts
}

/// Checks what a calendar is to be; shifts, breaks and exceptions come back in the order of their times.
///
/// # Errors
/// [`Refusal::Invalid`], saying what is wrong on which day: an unknown time zone, shifts that overlap each other or
/// the next day's, a break that is not inside its shift, a day that is named twice.
pub fn checked(draft: ShiftCalendarDraft) -> Result<ShiftCalendarDraft, Refusal> {
    let ShiftCalendarDraft { name: called, time_zone, mut week, mut exceptions } = draft;
    let called = name(&called)?;
    let time_zone = time_zone.trim().to_owned();
    if exceptions.len() > EXCEPTIONS_MAX {
        return Err(invalid(format!(
            "A calendar has at most {EXCEPTIONS_MAX} exceptions. Take out those of the past."
        )));
    }
    for (day, shifts) in days_of(&mut week) {
        check_day(day, shifts)?;
    }
    exceptions.sort_by_key(|exception| exception.day);
    for exception in &mut exceptions {
        check_day(&exception.day.to_string(), &mut exception.shifts)?;
        exception.note = line_if_any("The note of an exception", exception.note.as_deref(), NOTE_MAX)?;
    }
    if let Some(twice) = exceptions.windows(2).find(|pair| pair[0].day == pair[1].day) {
        return Err(invalid(format!("{} is there twice. Make one exception of the two.", twice[0].day)));
    }
    let calendar = Calendar::new(&time_zone, week.clone(), exceptions.clone())?;
    check_neighbours(&calendar)?;
    Ok(ShiftCalendarDraft { name: called, time_zone, week, exceptions })
}

/// Checks one day's shifts on their own, and sorts them.
fn check_day(day: &str, shifts: &mut [PlannedShift]) -> Result<(), Refusal> {
    if shifts.len() > SHIFTS_MAX {
        return Err(invalid(format!("{day} has more than {SHIFTS_MAX} shifts. Take some out.")));
    }
    for shift in shifts.iter_mut() {
        shift.name = line("The name of a shift", &shift.name, NAME_MAX)?;
        if shift.breaks.len() > BREAKS_MAX {
            return Err(invalid(format!("{}, {day}, has more than {BREAKS_MAX} breaks. Take some out.", shift.name)));
        }
        let (starts, ends) = stretch(shift);
        shift.breaks.sort_by_key(|pause| inside(starts, pause.starts_at.minutes(), pause.ends_at.minutes()).0);
        let mut free_from = starts;
        for pause in &shift.breaks {
            let (from, until) = inside(starts, pause.starts_at.minutes(), pause.ends_at.minutes());
            if from < free_from || from >= until || until > ends {
                return Err(invalid(format!(
                    "The break {}–{} of {}, {day}, is not inside its shift, or overlaps another break. Move it.",
                    pause.starts_at, pause.ends_at, shift.name
                )));
            }
            free_from = until;
        }
    }
    shifts.sort_by_key(|shift| shift.starts_at);
    match shifts.windows(2).find(|pair| stretch(&pair[0]).1 > pair[1].starts_at.minutes()) {
        Some(pair) => Err(overlap(&pair[0], day, &pair[1], day)),
        None => Ok(()),
    }
}

/// Checks that no shift runs into the next day's first one: over an ordinary week, and around each exception.
fn check_neighbours(calendar: &Calendar) -> Result<(), Refusal> {
    // Any week will do for the ordinary ones; its own days may be exceptions, so the plain calendar is asked.
    let plain = Calendar { exceptions: BTreeMap::new(), ..calendar.clone() };
    let some_monday = NaiveDate::default().week(Weekday::Mon).first_day();
    for day in some_monday.iter_days().take(7) {
        into_next_day(&plain, day, &format!("{:?}", day.weekday()))?;
    }
    for day in calendar.exceptions.keys() {
        into_next_day(calendar, *day, &day.to_string())?;
        if let Some(before) = day.pred_opt() {
            into_next_day(calendar, before, &before.to_string())?;
        }
    }
    Ok(())
}

fn into_next_day(calendar: &Calendar, day: NaiveDate, called: &str) -> Result<(), Refusal> {
    let (Some(last), Some(next)) = (calendar.planned(day).last(), day.succ_opt()) else { return Ok(()) };
    match calendar.planned(next).first() {
        Some(first) if stretch(last).1 > first.starts_at.minutes() + DAY => {
            Err(overlap(last, called, first, "the day after"))
        }
        _ => Ok(()),
    }
}

fn overlap(one: &PlannedShift, day: &str, other: &PlannedShift, other_day: &str) -> Refusal {
    invalid(format!(
        "The shifts {} ({day}) and {} ({other_day}) overlap. A moment belongs to one shift: move one of them.",
        one.name, other.name
    ))
}

/// Minutes from the midnight before a shift to its beginning and its end.
fn stretch(shift: &PlannedShift) -> (u16, u16) {
    inside(0, shift.starts_at.minutes(), shift.ends_at.minutes())
}

/// The same for a stretch that begins no earlier than `earliest`: what is before it is meant for the next day.
fn inside(earliest: u16, from: u16, until: u16) -> (u16, u16) {
    let from = if from < earliest { from + DAY } else { from };
    let until = if until <= from % DAY { until + DAY } else { until };
    (from, if until <= from { until + DAY } else { until })
}

fn at(day: NaiveDate, minutes: u16) -> Option<NaiveDateTime> {
    let day = day.checked_add_days(Days::new(u64::from(minutes / DAY)))?;
    let minutes = u32::from(minutes % DAY);
    Some(day.and_time(NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)?))
}

/// The first moment at which clocks show this time or, where they jump over it, a later one.
fn first_moment(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    // The longest jump there was skipped a whole day, at the date line.
    (0..=i64::from(DAY)).find_map(|minutes| {
        let local = local.checked_add_signed(TimeDelta::minutes(minutes))?;
        match zone.from_local_datetime(&local) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc().into()),
            LocalResult::None => None,
        }
    })
}

fn zone(name: &str) -> Result<Tz, Refusal> {
    name.parse().map_err(|_| {
        invalid("This time zone is not known. Name it as the IANA database does: `Europe/Berlin`, `Asia/Jerusalem`.")
    })
}

fn weekday(week: &ShiftWeek, day: Weekday) -> &[PlannedShift] {
    match day {
        Weekday::Mon => &week.monday,
        Weekday::Tue => &week.tuesday,
        Weekday::Wed => &week.wednesday,
        Weekday::Thu => &week.thursday,
        Weekday::Fri => &week.friday,
        Weekday::Sat => &week.saturday,
        Weekday::Sun => &week.sunday,
    }
}

fn days_of(week: &mut ShiftWeek) -> [(&'static str, &mut Vec<PlannedShift>); 7] {
    [
        ("Monday", &mut week.monday),
        ("Tuesday", &mut week.tuesday),
        ("Wednesday", &mut week.wednesday),
        ("Thursday", &mut week.thursday),
        ("Friday", &mut week.friday),
        ("Saturday", &mut week.saturday),
        ("Sunday", &mut week.sunday),
    ]
}

#[cfg(test)]
mod tests;
