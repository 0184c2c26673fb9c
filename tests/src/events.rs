//! A stream as an outside client reads it: a few lines of `text/event-stream`, and no more.

use crate::call::Caller;
use reqwest::{Method, Response};
use serde_json::Value;
use std::collections::VecDeque;

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its data.
    pub data: Value,
}

/// An open stream.
#[derive(Debug)]
pub struct Events {
    response: Response,
    text: Vec<u8>,
    ready: VecDeque<Event>,
}

impl Events {
    /// Opens a stream.
    ///
    /// # Panics
    /// When the server gives none.
    pub async fn open(caller: &Caller, path: &str) -> Self {
        let request = caller.request(Method::GET, path).timeout(std::time::Duration::from_secs(600));
        let response = request.send().await.expect("the server answers");
        assert_eq!(response.status(), 200, "{path}");
        Self { response, text: Vec::new(), ready: VecDeque::new() }
    }

    /// Opens a stream from where another was cut; none when nobody answers.
    ///
    /// # Panics
    /// When the answer is no stream.
    pub async fn resume(caller: &Caller, path: &str, last_id: Option<&str>) -> Option<Self> {
        let mut request = caller.request(Method::GET, path).timeout(std::time::Duration::from_secs(600));
        if let Some(id) = last_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await.ok()?;
        assert_eq!(response.status(), 200, "{path}");
        Some(Self { response, text: Vec::new(), ready: VecDeque::new() })
    }

    /// The bytes as they come, up to the event with the id of this offset.
    ///
    /// # Panics
    /// When the stream ends first.
    pub async fn raw_until(&mut self, offset: u64) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.text);
        loop {
            let text = String::from_utf8_lossy(&bytes);
            let at = |id: &str| text.find(id).and_then(|at| Some(at + text[at..].find("\n\n")? + 2));
            let ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
            let mut wanted = ids.filter(|id| id.rsplit('.').next().and_then(|id| id.parse().ok()) >= Some(offset));
            if let Some(end) = wanted.next_back().and_then(|id| at(&format!("id: {id}\n"))) {
                bytes.truncate(end);
                return bytes;
            }
            let piece = self.response.chunk().await.ok().flatten().expect("the stream goes on");
            bytes.extend_from_slice(&piece);
        }
    }

    /// The next event; none at the end of the stream.
    ///
    /// # Panics
    /// When data is no JSON.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let piece = self.response.chunk().await.ok().flatten()?;
            self.text.extend_from_slice(&piece);
            while let Some(end) = self.text.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.text.drain(..end + 2).collect();
                self.ready.extend(read(&String::from_utf8(block).expect("UTF-8")));
            }
        }
    }

    /// The next event of this name.
    ///
    /// # Panics
    /// When the stream ends first.
    pub async fn wait_for(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before `{name}`"));
            if event.name == name {
                return event;
            }
        }
    }
}

fn read(block: &str) -> Option<Event> {
    let field =
        |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned));
    let data = field("data")?;
    Some(Event {
        name: field("event").unwrap_or_else(|| "message".to_owned()),
        id: field("id"),
        data: serde_json::from_str(&data).expect("data is JSON"),
    })
}
