//! A stream as a page reads it: messages one after the other, for as long as the subscription is kept.
//!
//! It carries whatever the page asked for, and merges nothing: that is the page's.

use super::{Reader, Source, StreamMessage};
use millrace_domain::Clock;
use millrace_protocol::Code;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Messages that may wait for the page.
const WAITING: usize = 256;

/// A stream that is read until this is dropped.
#[derive(Debug)]
pub struct Subscription {
    messages: mpsc::Receiver<StreamMessage>,
    clock: Arc<dyn Clock>,
    _reader: Reader,
}

impl Subscription {
    /// Begins to read.
    #[must_use]
    pub fn start(source: Source) -> Self {
        let (listener, messages) = mpsc::channel(WAITING);
        let clock = source.clock.clone();
        Self { messages, clock, _reader: Reader::start(source, listener) }
    }

    /// What the stream tells next; it ends only with this value.
    ///
    /// A refusal is nothing for a page: its stream is asked for again and called stale meanwhile. But where the right
    /// to read is gone the page has to ask who is there, as if the server had ended the stream for that.
    pub async fn next(&mut self) -> Option<StreamMessage> {
        // A function of the whole, so that a task that listens keeps the reader, too.
        loop {
            match self.messages.recv().await? {
                StreamMessage::Refused { problem } if problem.code == Code::Unauthenticated => {
                    let data = json!({"reason": "revoked"});
                    let received_at = self.clock.now();
                    return Some(StreamMessage::Event { name: "goodbye".into(), id: None, data, received_at });
                }
                StreamMessage::Refused { .. } => {}
                message => return Some(message),
            }
        }
    }
}
