//! An answer of `text/event-stream` as bytes: chunks off, blocks found. As little work as a reader can do, because
//! it shares the machine with what it measures.

use anyhow::bail;

/// What a reader takes from a block of an event stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// The event's name.
    pub(super) event: &'a [u8],
    /// Its cursor, where it has one.
    pub(super) id: Option<&'a str>,
}

impl Block<'_> {
    /// The number behind the last dot of its cursor.
    pub(super) fn offset(&self) -> Option<u64> {
        self.id?.rsplit_once('.')?.1.parse().ok()
    }
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// In the line that says how long the next chunk is.
    Size { size: usize, ended: bool },
    /// In a chunk, with so many bytes to come.
    Data(usize),
    /// Between a chunk and the next, with so many bytes to skip.
    After(u8),
    /// Past the last chunk.
    End,
}

/// Takes the bytes of a chunked body and gives the blocks in them.
#[derive(Debug)]
pub(super) struct Decoder {
    phase: Phase,
    text: Vec<u8>,
    /// Up to here there is no end of a block.
    looked: usize,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self { phase: Phase::Size { size: 0, ended: false }, text: Vec::new(), looked: 0 }
    }

    /// Takes more bytes; calls `block` for each block that is complete now. Says whether the body goes on.
    pub(super) fn feed(&mut self, mut bytes: &[u8], mut block: impl FnMut(Block<'_>, &[u8])) -> anyhow::Result<bool> {
        while let Some(first) = bytes.first().copied() {
            match &mut self.phase {
                Phase::Size { size, ended } => {
                    match first {
                        b'\n' => self.phase = if *size == 0 { Phase::End } else { Phase::Data(*size) },
                        _ if *ended => {}
                        b'\r' | b';' => *ended = true,
                        _ => {
                            let Some(digit) = char::from(first).to_digit(16) else { bail!("the body is not chunked") };
                            *size = *size * 16 + digit as usize;
                        }
                    }
                    bytes = &bytes[1..];
                }
                Phase::Data(left) => {
                    let taken = bytes.len().min(*left);
                    self.text.extend_from_slice(&bytes[..taken]);
                    *left -= taken;
                    bytes = &bytes[taken..];
                    if *left == 0 {
                        self.phase = Phase::After(2);
                    }
                }
                Phase::After(left) => {
                    *left -= 1;
                    if *left == 0 {
                        self.phase = Phase::Size { size: 0, ended: false };
                    }
                    bytes = &bytes[1..];
                }
                Phase::End => break,
            }
        }
        self.blocks(&mut block);
        Ok(!matches!(self.phase, Phase::End))
    }

    fn blocks(&mut self, block: &mut impl FnMut(Block<'_>, &[u8])) {
        let mut begin = 0;
        let mut at = self.looked;
        while let Some(found) = self.text[at..].iter().position(|byte| *byte == b'\n') {
            at += found + 1;
            if self.text.get(at) == Some(&b'\n') {
                at += 1;
                let text = &self.text[begin..at];
                block(parsed(text), text);
                begin = at;
            }
        }
        // The last line break may be the first half of an end.
        let looked = self.text.len() - usize::from(self.text.len() > begin && self.text.ends_with(b"\n"));
        self.looked = looked - begin;
        self.text.drain(..begin);
    }
}

fn parsed(text: &[u8]) -> Block<'_> {
    let mut block = Block { event: b"", id: None };
    for line in text.split(|byte| *byte == b'\n') {
        if let Some(id) = line.strip_prefix(b"id: ") {
            block.id = std::str::from_utf8(id).ok();
        } else if let Some(event) = line.strip_prefix(b"event: ") {
            block.event = event;
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunked(parts: &[&str]) -> Vec<u8> {
        parts.iter().flat_map(|part| format!("{:x}\r\n{part}\r\n", part.len()).into_bytes()).collect()
    }

    #[test]
    fn blocks_are_found_however_the_bytes_are_cut() {
        let body = chunked(&[
            "retry: 1\nid: e.4\nevent: initial\ndata: {\"a\"",
            ":1}\n",
            "\nid: e.12\nevent: update\ndata: 2\n\n",
        ]);
        for cut in 1..body.len() {
            let mut seen = Vec::new();
            let mut decoder = Decoder::new();
            for part in body.chunks(cut) {
                let goes_on = decoder.feed(part, |block, text| {
                    seen.push((block.event.to_vec(), block.offset(), text.len()));
                });
                assert!(goes_on.expect("is chunked"));
            }
            assert_eq!(seen, [(b"initial".to_vec(), Some(4), 47), (b"update".to_vec(), Some(12), 32)], "cut {cut}");
        }
    }

    #[test]
    fn the_end_is_seen_and_what_is_no_body_is_refused() {
        assert!(!Decoder::new().feed(b"2\r\n\n\n\r\n0\r\n\r\n", |_, _| {}).expect("is chunked"));
        assert!(Decoder::new().feed(b"HTTP", |_, _| {}).is_err());
    }
}
