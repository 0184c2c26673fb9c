//! The position in a stream: `<epoch>.<offset>`.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use ts_rs::TS;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// How long an epoch may be, in characters.
const EPOCH_MAX: usize = 32;

/// A position in the change log. The epoch names one history; offsets of different epochs can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, TS)]
#[ts(type = "string")]
pub struct Cursor {
    /// The history this offset belongs to: letters and digits.
    pub epoch: String,
    /// One offset is one changed row, dense and in commit order; 0 is before the first.
    pub offset: u64,
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A position in the change log: `<epoch>.<offset>`."))
            .examples(["9f3a61c2.4711"])
            .into()
    }
}

impl ToSchema for Cursor {}

/// Why a text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cursor is <epoch>.<offset>, letters and digits before the dot and a number after it")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    /// A cursor is hostile input: only what this server could have written is taken.
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (epoch, offset) = text.split_once('.').ok_or(NotACursor)?;
        let plain = !epoch.is_empty() && epoch.len() <= EPOCH_MAX && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let canonical = offset.bytes().all(|b| b.is_ascii_digit()) && (offset == "0" || !offset.starts_with('0'));
        if !plain || !canonical {
            return Err(NotACursor);
        }
        Ok(Self { epoch: epoch.to_owned(), offset: offset.parse().map_err(|_| NotACursor)? })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.epoch, self.offset)
    }
}

impl Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let cursor: Cursor = "9f3a.4711".parse().expect("parses");
        assert_eq!((cursor.epoch.as_str(), cursor.offset), ("9f3a", 4711));
        assert_eq!(cursor.to_string(), "9f3a.4711");
    }

    #[test]
    fn hostile_texts_are_refused() {
        let huge = format!("{}.1", "a".repeat(33));
        for text in [
            "",
            ".",
            "a.",
            ".1",
            "a.b",
            "a.-1",
            "a.+1",
            "a.01",
            "a.1.2",
            "a b.1",
            "a\n.1",
            "é.1",
            "a.99999999999999999999",
            huge.as_str(),
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text:?}");
        }
    }
}
