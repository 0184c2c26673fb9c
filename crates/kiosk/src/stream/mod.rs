//! Streams of the server, read for ever: the format, and the reader that reconnects.

pub mod parser;
mod polling;
mod reader;
mod subscription;

pub use reader::{Reader, Source};
pub use subscription::Subscription;

use millrace_protocol::Problem;
use millrace_protocol::time::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// How a stream stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamState {
    /// Nothing was heard yet.
    Connecting,
    /// What is shown is what is.
    Live,
    /// What is shown may be old; it is being reconnected.
    Stale,
    /// The stream can't be had; a snapshot is fetched every few seconds instead.
    Polling,
}

/// What a stream tells its reader, in order. The same shape as `StreamMessage` of the UI's one door.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum StreamMessage {
    /// How it stands from now on.
    State {
        /// How.
        state: StreamState,
        /// Since when, in milliseconds since 1970 on this device's clock.
        #[serde(serialize_with = "millis")]
        since: Timestamp,
    },
    /// An event of the stream; a fetched snapshot is an `initial`.
    Event {
        /// Its name.
        name: String,
        /// Its cursor; absent where it has none of its own.
        id: Option<String>,
        /// Its data.
        data: Value,
        /// When it came, in milliseconds since 1970 on this device's clock.
        #[serde(serialize_with = "millis")]
        received_at: Timestamp,
    },
    /// The server refuses the stream; it is asked again all the same.
    Refused {
        /// Why.
        problem: Problem,
    },
}

fn millis<S: serde::Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_the_shape_of_the_ui() {
        let at = Timestamp::from_millis(12);
        let state = StreamMessage::State { state: StreamState::Polling, since: at };
        assert_eq!(
            serde_json::to_value(state).expect("writes"),
            serde_json::json!({"type": "state", "state": "polling", "since": 12})
        );
        let event = StreamMessage::Event { name: "update".into(), id: None, data: Value::Null, received_at: at };
        assert_eq!(
            serde_json::to_value(event).expect("writes"),
            serde_json::json!({"type": "event", "name": "update", "id": null, "data": null, "receivedAt": 12})
        );
    }
}
