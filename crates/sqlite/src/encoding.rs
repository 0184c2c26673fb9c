//! How values are written in columns: moments as milliseconds, words and structures as their wire form.

use crate::error::Context;
use millrace_domain::storage::{Result, StorageError};
use millrace_protocol::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A moment from its column.
pub(crate) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A moment from a column that may be empty.
pub(crate) fn maybe_moment(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// A moment for a column that may be empty.
pub(crate) fn millis(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::millis)
}

/// A word of an enum, as it is on the wire.
pub(crate) fn word<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value).during("writing a word")? {
        Value::String(word) => Ok(word),
        other => Err(StorageError::Defect { context: "writing a word", reason: format!("{other} is no word") }),
    }
}

/// An enum from its word.
pub(crate) fn from_word<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(Value::String(word)).during("reading a word")
}

/// A structure as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).during("writing JSON")
}

/// A structure from its JSON.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).during("reading JSON")
}

/// A count that is never negative in its column.
pub(crate) fn count<T: TryFrom<i64>>(value: i64) -> Result<T> {
    T::try_from(value).map_err(|_| StorageError::Defect { context: "reading a count", reason: format!("{value}") })
}

/// A count for its column.
pub(crate) fn number<T: TryInto<i64>>(value: T) -> Result<i64> {
    value.try_into().map_err(|_| StorageError::Defect {
        context: "writing a count",
        reason: "the number is beyond what a column holds".into(),
    })
}

/// A hash from its column.
pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| StorageError::Defect {
        context: "reading a hash",
        reason: format!("it has {} bytes", bytes.len()),
    })
}
