//! Events as bytes of `text/event-stream` (HTML Living Standard, "Server-sent events").

use bytes::{Bytes, BytesMut};
use millrace_protocol::Cursor;
use millrace_protocol::stream::{Goodbye, GoodbyeReason, InitialReason, StreamHeartbeat};
use millrace_protocol::time::Timestamp;
use serde::Serialize;
use std::fmt::Write;

/// An event of a stream, without its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// What it is.
    pub(super) name: &'static str,
    /// Its data: JSON on one line.
    pub(super) data: String,
}

impl Event {
    /// An event with this data.
    pub(super) fn new(name: &'static str, data: &impl Serialize) -> Self {
        Self { name, data: json(data) }
    }
}

/// One line of JSON: serde_json escapes line breaks.
pub(super) fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_else(|error| {
        tracing::error!(%error, "a wire type that can't be written");
        "null".to_owned()
    })
}

/// The events one change makes. Only the last carries the id: who is cut off between two of them gets both again.
pub(super) fn change(epoch: &str, offset: u64, events: &[Event]) -> Bytes {
    let mut text = String::with_capacity(events.iter().map(|event| event.data.len() + 80).sum());
    for (index, event) in events.iter().enumerate() {
        if index + 1 == events.len() {
            let _ = writeln!(text, "id: {epoch}.{offset}");
        }
        let _ = write!(text, "event: {}\ndata: {}\n\n", event.name, event.data);
    }
    text.into()
}

/// The events of one offset as a connection with several topics gets them: the data of each begins with the name of
/// its topic, and of all of them only the last carries the id. The names are JSON strings.
pub(super) fn multiplexed(into: &mut BytesMut, id: &Cursor, parts: &[(&str, &[u8])]) {
    let most = parts.iter().map(|(name, bytes)| bytes.len() + name.len() + 80).sum();
    into.reserve(most);
    for (index, (name, bytes)) in parts.iter().enumerate() {
        let mut blocks = Blocks(bytes).peekable();
        while let Some(block) = blocks.next() {
            if index + 1 == parts.len() && blocks.peek().is_none() {
                into.extend_from_slice(format!("id: {id}\n").as_bytes());
            }
            let (before, data) = halves(block);
            into.extend_from_slice(before);
            into.extend_from_slice(b"{\"topic\":");
            into.extend_from_slice(name.as_bytes());
            into.extend_from_slice(b",");
            into.extend_from_slice(data);
            into.extend_from_slice(b"\n\n");
        }
    }
}

/// The events of one offset as a connection gets them, whose topics may have names on it.
pub(super) fn join(into: &mut BytesMut, id: &Cursor, parts: &[(Option<&str>, Bytes)]) {
    let named: Vec<_> = parts.iter().filter_map(|(name, bytes)| Some(((*name)?, &bytes[..]))).collect();
    if !named.is_empty() {
        multiplexed(into, id, &named);
    } else if let Some((_, bytes)) = parts.first() {
        into.extend_from_slice(bytes);
    }
}

/// The blocks of events as this module writes them. JSON has no line break, so a blank line is an end.
struct Blocks<'a>(&'a [u8]);

impl<'a> Iterator for Blocks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = self.0.windows(2).position(|pair| pair == b"\n\n")?;
        let (block, rest) = self.0.split_at(end);
        self.0 = &rest[2..];
        Some(block)
    }
}

/// A block without its id, up to where its data begins, and the data without its opening brace.
fn halves(block: &[u8]) -> (&[u8], &[u8]) {
    const DATA: &[u8] = b"\ndata: ";
    let begin = if block.starts_with(b"id: ") {
        block.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1)
    } else {
        0
    };
    let block = &block[begin..];
    let data = block.windows(DATA.len()).position(|window| window == DATA).map_or(block.len(), |at| at + DATA.len());
    (&block[..data], block.get(data + 1..).unwrap_or_default())
}

/// After how many milliseconds to come back when the connection is lost. A line of the first event's block, whenever that
/// comes: some readers take a block of its own for an event without data.
pub(super) fn retry(millis: u64) -> Bytes {
    format!("retry: {millis}\n").into()
}

/// The position at which a reader begins and why, as the members `initial` begins with; what follows is shared.
pub(super) fn initial_head(position: &Cursor, reason: Option<InitialReason>, server_time: Timestamp) -> String {
    format!(
        r#"{{"offset":{},"position":{},"reason":{},"serverTime":{}"#,
        position.offset,
        json(position),
        json(&reason),
        json(&server_time)
    )
}

/// The first part of `initial`, up to where the shared part goes on.
pub(super) fn initial(position: &Cursor, reason: Option<InitialReason>, server_time: Timestamp) -> Bytes {
    format!("id: {position}\nevent: initial\ndata: {}", initial_head(position, reason, server_time)).into()
}

/// A heartbeat, with its position as id.
pub(super) fn heartbeat(position: Cursor, server_time: Timestamp) -> Bytes {
    let id = position.to_string();
    let beat = StreamHeartbeat { offset: position.offset, server_time, position };
    format!("id: {id}\nevent: heartbeat\ndata: {}\n\n", json(&beat)).into()
}

/// The end, and when to come back. It has no id, so that the reader resumes from what it has.
pub(super) fn goodbye(reason: GoodbyeReason, retry_millis: u64) -> Bytes {
    format!("retry: {retry_millis}\nevent: goodbye\ndata: {}\n\n", json(&Goodbye { reason })).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(bytes: &Bytes) -> &str {
        std::str::from_utf8(bytes).expect("text")
    }

    #[test]
    fn the_bytes_of_each_frame() {
        let position = Cursor { epoch: "e1".into(), offset: 7 };
        let now = Timestamp::from_millis(0);
        assert_eq!(text(&retry(1500)), "retry: 1500\n");
        assert_eq!(
            text(&heartbeat(position.clone(), now)),
            "id: e1.7\nevent: heartbeat\ndata: {\"offset\":7,\"serverTime\":\"1970-01-01T00:00:00.000Z\",\"position\":\"e1.7\"}\n\n"
        );
        assert_eq!(
            text(&goodbye(GoodbyeReason::Rotate, 1200)),
            "retry: 1200\nevent: goodbye\ndata: {\"reason\":\"rotate\"}\n\n"
        );
        assert_eq!(
            text(&initial(&position, Some(InitialReason::TooOld), now)),
            "id: e1.7\nevent: initial\ndata: {\"offset\":7,\"position\":\"e1.7\",\"reason\":\"too_old\",\"serverTime\":\"1970-01-01T00:00:00.000Z\""
        );
    }

    #[test]
    fn of_several_events_of_one_change_the_last_has_the_id() {
        let events = [Event::new("one", &"a\nb\r\0"), Event::new("two", &2)];
        assert_eq!(
            text(&change("e1", 9, &events)),
            "event: one\ndata: \"a\\nb\\r\\u0000\"\n\nid: e1.9\nevent: two\ndata: 2\n\n"
        );
    }

    #[test]
    fn on_one_connection_each_event_names_its_topic_and_the_last_has_the_id() {
        let at = Cursor { epoch: "e1".into(), offset: 9 };
        let one = change("e1", 9, &[Event::new("one", &json!({"offset": 9, "a": "data: {"}))]);
        let two =
            change("e1", 9, &[Event::new("two", &json!({"offset": 9})), Event::new("end", &json!({"offset": 9}))]);
        let mut bytes = BytesMut::new();
        multiplexed(&mut bytes, &at, &[("\"a\"", &one[..]), ("\"b\"", &two[..])]);
        assert_eq!(
            text(&bytes.freeze()),
            "event: one\ndata: {\"topic\":\"a\",\"a\":\"data: {\",\"offset\":9}\n\n\
             event: two\ndata: {\"topic\":\"b\",\"offset\":9}\n\n\
             id: e1.9\nevent: end\ndata: {\"topic\":\"b\",\"offset\":9}\n\n"
        );
    }
}
