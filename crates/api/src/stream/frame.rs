//! Events as bytes of `text/event-stream` (HTML Living Standard, "Server-sent events").

use bytes::Bytes;
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

/// The events of one offset as a connection gets them, in pieces. Where its topics have names on it, the data of each
/// event begins with the name of its topic, a JSON string, and of all of them only the last carries the id. What follows
/// the name is not copied: all who read it share it.
pub(super) fn join(into: &mut Vec<Bytes>, id: &Cursor, parts: Vec<(Option<&str>, Bytes)>) {
    let mut parts = parts.into_iter().peekable();
    while let Some((name, bytes)) = parts.next() {
        let Some(name) = name else {
            into.push(bytes);
            continue;
        };
        let mut blocks = Blocks(bytes).peekable();
        while let Some(block) = blocks.next() {
            let is_last = parts.peek().is_none() && blocks.peek().is_none();
            let (before, data) = halves(&block);
            let mut head = if is_last { format!("id: {id}\n") } else { String::new() };
            let _ = write!(head, "{}{{\"topic\":{name},", String::from_utf8_lossy(before));
            into.extend([head.into(), data]);
        }
    }
}

/// The blocks of events as this module writes them. JSON has no line break, so a blank line is an end.
struct Blocks(Bytes);

impl Iterator for Blocks {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        // Only the last begins with an id: nobody has to look through what may be the whole plant for its end.
        let end =
            if self.0.starts_with(ID) { self.0.len() } else { self.0.windows(2).position(|pair| pair == b"\n\n")? + 2 };
        Some(self.0.split_to(end))
    }
}

const ID: &[u8] = b"id: ";

/// A block without its id, up to where its data begins, and the data without its opening brace.
fn halves(block: &Bytes) -> (&[u8], Bytes) {
    const DATA: &[u8] = b"\ndata: ";
    let begin =
        if block.starts_with(ID) { block.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1) } else { 0 };
    let data = block.windows(DATA.len()).position(|window| window == DATA).map_or(block.len(), |at| at + DATA.len());
    (&block[begin..data], block.slice((data + 1).min(block.len())..))
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

/// The members of `initial` with the name of its topic, where it has one on its connection.
pub(super) fn named(head: &str, name: Option<&str>) -> String {
    name.map_or_else(|| head.to_owned(), |name| head.replacen('{', &format!("{{\"topic\":{name},"), 1))
}

/// The first part of `initial`, up to where the shared part goes on. Of several only the last carries the position as
/// its id.
pub(super) fn initial(position: Option<&Cursor>, head: &str) -> Bytes {
    let id = position.map(|position| format!("id: {position}\n")).unwrap_or_default();
    format!("{id}event: initial\ndata: {head}").into()
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
            text(&initial(Some(&position), &initial_head(&position, Some(InitialReason::TooOld), now))),
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
        let mut pieces = Vec::new();
        join(&mut pieces, &at, vec![(Some("\"a\""), one.clone()), (Some("\"b\""), two.clone())]);
        assert_eq!(
            text(&pieces.concat().into()),
            "event: one\ndata: {\"topic\":\"a\",\"a\":\"data: {\",\"offset\":9}\n\n\
             event: two\ndata: {\"topic\":\"b\",\"offset\":9}\n\n\
             id: e1.9\nevent: end\ndata: {\"topic\":\"b\",\"offset\":9}\n\n"
        );
        let within = |all: &Bytes, piece: &Bytes| all.as_ptr_range().contains(&piece.as_ptr());
        assert!(within(&one, &pieces[1]) && within(&two, &pieces[3]) && within(&two, &pieces[5]), "not copied");
    }
}
