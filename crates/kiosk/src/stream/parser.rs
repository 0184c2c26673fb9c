//! The event-stream format of the HTML standard (9.2.5 and 9.2.6): bytes in, events out.
//!
//! Bytes may be split anywhere. Nothing here reconnects or waits; that is the reader's.

use std::time::Duration;

/// An event as it was dispatched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name; `message` where the stream gave none.
    pub name: String,
    /// Its data, lines joined by line feeds.
    pub data: String,
    /// The last id the stream gave, on this event or before it; empty for none.
    pub last_id: String,
}

/// What a line of a stream amounted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// An event.
    Event(Event),
    /// The time to wait before reconnecting.
    Retry(Duration),
}

/// Takes a stream apart.
#[derive(Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    /// The last byte was a CR: an LF that follows belongs to it.
    after_cr: bool,
    /// Past the first line, before which a byte order mark is dropped.
    begun: bool,
    name: String,
    data: String,
    has_data: bool,
    last_id: String,
}

impl Parser {
    /// A parser for one connection. `last_id` is the id that the connection resumed from.
    #[must_use]
    pub fn resuming(last_id: &str) -> Self {
        Self { last_id: last_id.to_owned(), ..Self::default() }
    }

    /// Takes the next bytes and adds what they complete to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Parsed>) {
        for &byte in bytes {
            let follows_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if follows_cr => {}
                b'\n' | b'\r' => self.end_line(out),
                _ => self.line.push(byte),
            }
        }
    }

    fn end_line(&mut self, out: &mut Vec<Parsed>) {
        let mut bytes = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.begun, true) && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        let line = String::from_utf8_lossy(&bytes);
        if line.is_empty() {
            self.dispatch(out);
            return;
        }
        // A line without a colon is a field without a value; one that begins with a colon is a comment.
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_id),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                // More digits than a number holds are a long time.
                out.push(Parsed::Retry(Duration::from_millis(value.parse().unwrap_or(u64::MAX))));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, out: &mut Vec<Parsed>) {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        if std::mem::take(&mut self.has_data) {
            let name = if name.is_empty() { "message".to_owned() } else { name };
            out.push(Parsed::Event(Event { name, data, last_id: self.last_id.clone() }));
        }
    }

    /// The last id the stream gave, also by an event that was not dispatched.
    #[must_use]
    pub fn last_id(&self) -> &str {
        &self.last_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(bytes: &[u8]) -> Vec<Parsed> {
        let mut out = Vec::new();
        Parser::default().push(bytes, &mut out);
        out
    }

    fn event(name: &str, data: &str, last_id: &str) -> Parsed {
        Parsed::Event(Event { name: name.into(), data: data.into(), last_id: last_id.into() })
    }

    #[test]
    fn names_data_and_ids() {
        assert_eq!(parse(b"event: update\ndata: {}\nid: a.1\n\n"), [event("update", "{}", "a.1")]);
        assert_eq!(parse(b"data:one\ndata: two\ndata\n\n"), [event("message", "one\ntwo\n", "")]);
        assert_eq!(parse(b"data:  two spaces keep one\n\n"), [event("message", " two spaces keep one", "")]);
        assert_eq!(parse(b"data\n\n"), [event("message", "", "")], "an empty data line is data");
    }

    #[test]
    fn every_kind_of_line_end() {
        for end in ["\n", "\r", "\r\n"] {
            let text = ["event: a", "data: 1", "", "data: 2", "", ""].join(end);
            assert_eq!(parse(text.as_bytes()), [event("a", "1", ""), event("message", "2", "")], "{end:?}");
        }
        assert_eq!(parse(b"data: a\r\ndata: b\n\r\n"), [event("message", "a\nb", "")]);
    }

    #[test]
    fn a_byte_order_mark_is_dropped_only_at_the_start() {
        assert_eq!(parse("\u{FEFF}data: a\n\n".as_bytes()), [event("message", "a", "")]);
        assert_eq!(parse("\u{FEFF}\u{FEFF}data: a\n\n".as_bytes()), []);
        assert_eq!(parse("\n\u{FEFF}data: a\n\n".as_bytes()), []);
    }

    #[test]
    fn an_id_stays_until_another_comes_and_one_with_nul_is_none() {
        let seen = parse(b"id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n");
        assert_eq!(
            seen,
            [
                event("message", "a", "1"),
                event("message", "b", "1"),
                event("message", "c", "1"),
                event("message", "d", "")
            ]
        );
    }

    #[test]
    fn without_data_there_is_no_event_and_its_name_is_forgotten() {
        assert_eq!(parse(b"event: lost\n\ndata: a\n\n"), [event("message", "a", "")]);
        let mut parser = Parser::default();
        parser.push(b"id: 7\n\n", &mut Vec::new());
        assert_eq!(parser.last_id(), "7", "an id counts without an event");
    }

    #[test]
    fn only_digits_are_a_retry() {
        assert_eq!(parse(b"retry: 1500\n"), [Parsed::Retry(Duration::from_millis(1500))]);
        for bogus in ["retry: -1\n", "retry: 1.5\n", "retry: 1s\n", "retry:\n", "retry\n", "retry: \u{661}\n"] {
            assert_eq!(parse(bogus.as_bytes()), [], "{bogus:?}");
        }
        assert_eq!(parse(b"retry: 99999999999999999999\n"), [Parsed::Retry(Duration::from_millis(u64::MAX))]);
    }

    #[test]
    fn comments_and_strange_fields_are_nothing_and_an_unfinished_event_is_none() {
        assert_eq!(parse(b": comment\nfoo: bar\n data: x\nDATA: y\n\n"), []);
        assert_eq!(parse(b"data: a\n\ndata: unfinished\n"), [event("message", "a", "")]);
        assert_eq!(parse(b"data: \xFF\n\n"), [event("message", "\u{FFFD}", "")]);
    }

    #[test]
    fn a_character_split_between_two_reads_is_one_character() {
        let whole = "data: \u{5DE}\u{1F3ED}\n\n".as_bytes();
        for cut in 0..whole.len() {
            let (mut parser, mut out) = (Parser::default(), Vec::new());
            parser.push(&whole[..cut], &mut out);
            parser.push(&whole[cut..], &mut out);
            assert_eq!(out, [event("message", "\u{5DE}\u{1F3ED}", "")], "cut at {cut}");
        }
    }

    /// Examples of the standard's text and its corner cases, each with what has to be dispatched.
    fn cases() -> Vec<(&'static [u8], Vec<Parsed>)> {
        let retry = |millis| Parsed::Retry(Duration::from_millis(millis));
        vec![
            // The standard's own examples.
            (b"data: YHOO\ndata: +2\ndata: 10\n\n", vec![event("message", "YHOO\n+2\n10", "")]),
            (
                b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
                vec![event("message", "first event", "1"), event("message", "second event", "")],
            ),
            (b"data\n\ndata\ndata\n\ndata:", vec![event("message", "", ""), event("message", "\n", "")]),
            (b"data:test\n\ndata: test\n\n", vec![event("message", "test", ""), event("message", "test", "")]),
            // Marks, line ends, characters of several bytes.
            (
                b"\xEF\xBB\xBFdata: a\r\n\r\ndata: b\r\rdata: c\n\n",
                vec![event("message", "a", ""), event("message", "b", ""), event("message", "c", "")],
            ),
            (b"\xEF\xBBdata: a\n\n", vec![]),
            ("event: \u{5E2}\ndata: \u{1F3ED}\r\n\n".as_bytes(), vec![event("\u{5E2}", "\u{1F3ED}", "")]),
            // Ids: with NUL, empty, kept, of an event that is not dispatched.
            (b"id: 1\nid: 2\0\ndata: a\n\n", vec![event("message", "a", "1")]),
            (b"id: 1\ndata: a\n\nid:\ndata: b\n\n", vec![event("message", "a", "1"), event("message", "b", "")]),
            (b"id: 7\n\ndata: a\n\n", vec![event("message", "a", "7")]),
            // A name is an event's alone; the last one counts; an empty one is none.
            (b"event: a\nevent: b\ndata: 1\n\ndata: 2\n\n", vec![event("b", "1", ""), event("message", "2", "")]),
            (b"event: a\nevent:\ndata: 1\n\n", vec![event("message", "1", "")]),
            (b"event: a\n\nevent: b\n\n", vec![]),
            // Fields that are none: other case, blanks, unknown, a colon alone.
            (b"Data: a\n data: b\ndata : c\nnonsense\n:\n::\ndata: d\n\n", vec![event("message", "d", "")]),
            (
                b"retry: 10\nretry: x\nretry: 1 0\nretry: +1\nretry:007\ndata: a\n\n",
                vec![retry(10), retry(7), event("message", "a", "")],
            ),
            (b"data: :a: b\n\n", vec![event("message", ":a: b", "")]),
            (b"data: a\tb\x00c\n\n", vec![event("message", "a\tb\0c", "")]),
            (b"\n\r\n\r", vec![]),
        ]
    }

    #[test]
    fn the_cases_of_the_standard_split_at_every_byte() {
        for (bytes, wanted) in cases() {
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let (mut parser, mut out) = (Parser::default(), Vec::new());
                    for piece in [&bytes[..first], &bytes[first..second], &bytes[second..]] {
                        parser.push(piece, &mut out);
                    }
                    assert_eq!(out, wanted, "{:?} at {first} and {second}", String::from_utf8_lossy(bytes));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_where_the_bytes_are_split(
            text in r"(\u{FEFF})?((data|event|id|retry|:|x)(: ?[a-z0-9\u{5D0}\u{0}]{0,3})?(\r|\n|\r\n)|\r|\n){0,20}",
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let bytes = text.as_bytes();
            let mut at: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let (mut parser, mut out) = (Parser::default(), Vec::new());
            for pair in at.windows(2) {
                parser.push(&bytes[pair[0]..pair[1]], &mut out);
            }
            prop_assert_eq!(out, parse(bytes));
        }

        #[test]
        fn an_event_written_by_the_rules_is_read_back(data in "[^\r\n\0]{0,40}", name in "[a-z_]{1,12}", id in "[a-z0-9.]{1,12}") {
            let text = format!(": noise\nevent: {name}\ndata: {data}\nid: {id}\n\n");
            prop_assert_eq!(parse(text.as_bytes()), [event(&name, &data, &id)]);
        }

        #[test]
        fn no_bytes_whatever_upset_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            parse(&bytes);
        }
    }
}
