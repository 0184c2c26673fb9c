//! A reader of streams that believes nothing: it checks ids, order and positions as it goes.

use axum::body::{Body, BodyDataStream};
use futures_util::{FutureExt, StreamExt};
use millrace_protocol::SessionId;
use serde_json::Value;
use std::collections::BTreeMap;

/// An event as it came.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) data: Value,
}

/// One connection.
pub(super) struct Client {
    body: BodyDataStream,
    buffer: String,
    pub(super) ended: bool,
}

impl Client {
    pub(super) fn new(body: Body) -> Self {
        Self { body: body.into_data_stream(), buffer: String::new(), ended: false }
    }

    /// What has come by now.
    pub(super) fn read(&mut self) -> Vec<Received> {
        while !self.ended {
            let Some(chunk) = self.body.next().now_or_never() else { break };
            self.take(chunk);
        }
        self.events()
    }

    /// At most so many chunks of what has come by now; it may end in the middle of an event.
    pub(super) fn read_some(&mut self, chunks: usize) -> Vec<Received> {
        for _ in 0..chunks {
            let Some(chunk) = self.body.next().now_or_never() else { break };
            self.take(chunk);
        }
        self.events()
    }

    /// Waits for the next chunk.
    pub(super) async fn wait(&mut self) -> Vec<Received> {
        let chunk = self.body.next().await;
        self.take(chunk);
        self.events()
    }

    fn take(&mut self, chunk: Option<Result<bytes::Bytes, axum::Error>>) {
        match chunk {
            Some(bytes) => self.buffer.push_str(std::str::from_utf8(&bytes.expect("no error")).expect("UTF-8")),
            None => self.ended = true,
        }
    }

    fn events(&mut self) -> Vec<Received> {
        let mut events = Vec::new();
        while let Some((block, rest)) = self.buffer.split_once("\n\n") {
            let (block, rest) = (block.to_owned(), rest.to_owned());
            self.buffer = rest;
            let field = |name: &str| {
                block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
            };
            if let Some(retry) = field("retry") {
                assert!((1_000..=3_000).contains(&retry.parse::<u64>().expect("a number")), "{retry}");
            }
            let Some(name) = field("event") else { continue };
            let data = serde_json::from_str(&field("data").expect("data")).expect("JSON");
            events.push(Received { id: field("id"), name, data });
        }
        events
    }
}

/// A board: the state of the active-sessions stream as its events tell it.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) sessions: BTreeMap<SessionId, u32>,
    pub(super) cursor: Option<String>,
    pub(super) initials: Vec<Value>,
    pub(super) goodbye: Option<Value>,
    offset: u64,
}

impl Board {
    pub(super) fn hear(&mut self, events: Vec<Received>) {
        for event in events {
            if event.name == "goodbye" {
                self.goodbye = Some(event.data["reason"].clone());
                continue;
            }
            let offset = event.data["offset"].as_u64().expect("an offset");
            let id = event.id.expect("one event for each change");
            assert_eq!(id, format!("{}.{offset}", super::floor::EPOCH));
            match event.name.as_str() {
                "initial" => {
                    assert_eq!(event.data["position"], *id);
                    self.sessions.clear();
                    for session in event.data["sessions"].as_array().expect("a list") {
                        self.put(session);
                    }
                    self.initials.push(event.data["reason"].clone());
                }
                "heartbeat" => assert!(offset >= self.offset, "a position that goes back"),
                name => {
                    assert!(offset > self.offset, "{name} {offset} comes after {}", self.offset);
                    match name {
                        "insert" | "update" => self.put(&event.data["session"]),
                        "delete" => {
                            let id = serde_json::from_value(event.data["sessionId"].clone()).expect("an id");
                            assert!(self.sessions.remove(&id).is_some(), "deleted what was not there");
                        }
                        other => panic!("unknown event {other}"),
                    }
                }
            }
            self.offset = offset;
            self.cursor = Some(id);
        }
    }

    fn put(&mut self, session: &Value) {
        let id = serde_json::from_value(session["id"].clone()).expect("an id");
        let version = u32::try_from(session["version"].as_u64().expect("a version")).expect("small");
        self.sessions.insert(id, version);
    }
}
