//! Times on the wire: RFC 3339 in UTC with exactly three digits of a second.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;
use utoipa::ToSchema;

/// A moment in UTC, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema, TS)]
#[schema(value_type = String, format = DateTime, examples("2026-11-24T06:00:00.000Z"))]
#[ts(type = "string")]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// From milliseconds since 1970-01-01T00:00:00Z; values beyond what a calendar holds are cut to its ends.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        let fallback = if millis < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self(DateTime::from_timestamp_millis(millis).unwrap_or(fallback))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// This moment moved by so many milliseconds (negative: earlier).
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_millis(self.millis().saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is not earlier.
    #[must_use]
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.millis().saturating_sub(earlier.millis())
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(value: DateTime<Utc>) -> Self {
        Self::from_millis(value.timestamp_millis())
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_with_three_digits_and_read_back() {
        let moment = Timestamp::from_millis(1_700_000_000_000);
        let text = serde_json::to_string(&moment).expect("writes");
        assert_eq!(text, "\"2023-11-14T22:13:20.000Z\"");
        assert_eq!(serde_json::from_str::<Timestamp>(&text).expect("reads"), moment);
    }

    #[test]
    fn other_zones_and_finer_seconds_are_read_as_utc_milliseconds() {
        let read: Timestamp = serde_json::from_str("\"2023-11-15T00:13:20.1239+02:00\"").expect("reads");
        assert_eq!(read.to_string(), "2023-11-14T22:13:20.123Z");
    }
}
