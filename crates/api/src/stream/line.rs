//! A topic on a connection: the seat there, and what the connection calls it.

use super::topic::Seated;

/// One of the topics that a connection reads.
pub(super) struct Line {
    /// The seat.
    pub(super) seat: Seated,
    /// What its events say as `topic`, as a JSON string; absent on a connection with one topic of its own address.
    pub(super) name: Option<Box<str>>,
}
