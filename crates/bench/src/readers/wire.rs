//! What the readers' process is told and what it answers: JSON, a line each.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How a reader comes back when its connection is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Comeback {
    /// At once, and again every 20 ms: harder than any client that means well.
    AtOnce,
    /// As Millrace's own clients do: after 1 to 2 s, then up to twice as long each time.
    AsClients,
}

/// The first line: what is to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    /// Host and port.
    pub(crate) address: String,
    /// The stream.
    pub(crate) path: String,
    /// For the `Authorization` header; empty for none.
    pub(crate) token: String,
    /// How many readers.
    pub(crate) readers: usize,
    /// What they do when they lose it.
    pub(crate) comeback: Comeback,
}

/// The answer to the first line: all of them have their `initial`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    /// How long it took, in milliseconds.
    pub(crate) took_ms: f64,
}

/// Any later line: what is to be told about what was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    /// The answer waits until every reader has come this far,
    pub(crate) upto: u64,
    /// or until so many milliseconds have passed.
    pub(crate) patience_ms: u64,
    /// When did each reader first have this offset?
    pub(crate) reached: u64,
    /// Of how many readers every arrival is told.
    pub(crate) sampled: usize,
}

/// What was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// What readers got, and how many of them got exactly this: the offset of each event, and for a snapshot its
    /// position, negative.
    pub(crate) walks: Vec<(Vec<i64>, usize)>,
    /// Of each sampled reader when it had the whole of each event, by offset; in microseconds since 1970.
    pub(crate) samples: Vec<HashMap<u64, i64>>,
    /// When each reader had its connection back, for each time it had lost it.
    pub(crate) back: Vec<i64>,
    /// Of each reader that got there: when it had `reached`.
    pub(crate) reached: Vec<i64>,
    /// How many times a reader got a snapshot when it came back, in place of what it had missed.
    pub(crate) anew: usize,
    /// How many attempts to connect failed.
    pub(crate) refused: usize,
    /// An event as it came.
    pub(crate) example: String,
}
