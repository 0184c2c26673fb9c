//! The plant as it is managed: areas and when they work.

use crate::ids::{AreaId, ShiftCalendarId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A part of the plant that holds stations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// What people call it; no other area is called so.
    pub name: String,
    /// When it works; absent: always.
    pub calendar_id: Option<ShiftCalendarId>,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What an area is to be: `POST` and `PUT` of `/api/admin/areas`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaDraft {
    /// What people call it; 1 to 80 characters.
    pub name: String,
    /// When it works; absent: always.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub calendar_id: Option<ShiftCalendarId>,
}

/// A time of day in the plant's zone, to the minute: `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, TS)]
#[ts(type = "string")]
pub struct LocalTime(u16);

impl LocalTime {
    /// This hour and minute, where a day has them.
    #[must_use]
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self(hour * 60 + minute))
    }

    /// Minutes since midnight, as clocks on the wall count them.
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Why a text is no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is HH:MM, 00:00 to 23:59")]
pub struct NotATime;

impl std::str::FromStr for LocalTime {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hour, minute) = text.split_once(':').ok_or(NotATime)?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return Err(NotATime);
        }
        let number = |part: &str| part.parse().map_err(|_| NotATime);
        Self::new(number(hour)?, number(minute)?).ok_or(NotATime)
    }
}

impl PartialSchema for LocalTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
            .description(Some("A time of day in the calendar's time zone, to the minute."))
            .examples(["06:00"])
            .into()
    }
}

impl ToSchema for LocalTime {}

impl Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A break inside a shift. It counts as no time to work in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftBreak {
    /// When it begins.
    pub starts_at: LocalTime,
    /// When it ends.
    pub ends_at: LocalTime,
}

/// A shift as it is planned for a day. It belongs to the day it begins on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedShift {
    /// What people call it: early, late, night.
    pub name: String,
    /// When it begins.
    pub starts_at: LocalTime,
    /// When it ends: on the next day where this is not after its beginning.
    pub ends_at: LocalTime,
    /// Its breaks, in order.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<ShiftBreak>>")]
    pub breaks: Vec<ShiftBreak>,
}

/// The shifts of an ordinary week, by the day they begin on. A day that is left out has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "a day is a day")]
pub struct ShiftWeek {
    pub monday: Vec<PlannedShift>,
    pub tuesday: Vec<PlannedShift>,
    pub wednesday: Vec<PlannedShift>,
    pub thursday: Vec<PlannedShift>,
    pub friday: Vec<PlannedShift>,
    pub saturday: Vec<PlannedShift>,
    pub sunday: Vec<PlannedShift>,
}

/// A day that is not like its weekday: a holiday, a Saturday worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftException {
    /// The day: `YYYY-MM-DD`.
    pub day: NaiveDate,
    /// Its shifts in place of the weekday's; none: closed.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<PlannedShift>>")]
    pub shifts: Vec<PlannedShift>,
    /// Why.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub note: Option<String>,
}

/// When areas work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShiftCalendar {
    /// Its id.
    pub id: ShiftCalendarId,
    /// What people call it; no other calendar is called so.
    pub name: String,
    /// The zone its times are said in: an IANA name, `Europe/Berlin`.
    pub time_zone: String,
    /// The ordinary week.
    pub week: ShiftWeek,
    /// Days that are not like their weekday, by day.
    pub exceptions: Vec<ShiftException>,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What a shift calendar is to be: `POST` and `PUT` of `/api/admin/shift-calendars`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShiftCalendarDraft {
    /// What people call it; 1 to 80 characters.
    pub name: String,
    /// The zone its times are said in: an IANA name, `Europe/Berlin`.
    pub time_zone: String,
    /// The ordinary week.
    pub week: ShiftWeek,
    /// Days that are not like their weekday.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<ShiftException>>")]
    pub exceptions: Vec<ShiftException>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_written_as_it_is_read() {
        for text in ["00:00", "06:05", "23:59"] {
            assert_eq!(text.parse::<LocalTime>().map(|time| time.to_string()).as_deref(), Ok(text));
        }
        for wrong in ["", "6:00", "24:00", "12:60", "12:5", "+1:00", "12:00:00", "１２:00"] {
            assert_eq!(wrong.parse::<LocalTime>(), Err(NotATime), "{wrong:?}");
        }
    }
}
