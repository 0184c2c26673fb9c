//! Reading a request's body: JSON, with problems that say what is wrong.

use crate::error::ApiError;
use crate::state::App;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use millrace_domain::Clock;
use millrace_domain::action::{Action, OfflineStart, Request as Kept};
use millrace_domain::deed::{Asking, Deed};
use millrace_protocol::Code;
use millrace_protocol::action::ActionStamp;
use millrace_protocol::{KioskId, SessionId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::time::Duration;

/// The largest body, in bytes. Nothing a worker taps comes near it.
const MOST: usize = 64 * 1024;

/// For how long a body may be on its way, once its head is there: a slow line, not a peer that has forgotten it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The highest number of an action. Above it a browser can't count: 2⁵³ and 2⁵³ + 1 are the same to it.
const SEQ_MOST: u64 = (1 << 53) - 1;

/// A JSON body, whatever `Content-Type` says: `sendBeacon` can only send `text/plain`.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        parse(&read(request.into_body(), &*app.clock).await?).map(Self)
    }
}

/// The JSON body of a worker action, with what is kept of it.
#[derive(Debug)]
pub(crate) struct ActionBody<T> {
    pub(crate) content: T,
    digest: [u8; 32],
    request: Kept,
}

impl<T> ActionBody<T> {
    /// The opening without the server that this body asks for: its session, its claim, and what begins.
    pub(crate) fn start(
        self,
        kiosk: KioskId,
        of: impl FnOnce(T) -> Result<(SessionId, ActionStamp, OfflineStart), ApiError>,
    ) -> Result<Action<OfflineStart>, ApiError> {
        let (session, stamp, what) = of(self.content)?;
        numbered(stamp.seq)?;
        // Whoever worked before is no business of the next one's code.
        let worker_code = None;
        Ok(Action { kiosk, worker_code, session, stamp, digest: self.digest, request: self.request, what })
    }

    /// The action this body asks for; `of` says which session, claim and deed its content names.
    pub(crate) fn action(
        self,
        kiosk: KioskId,
        worker_code: Option<String>,
        of: impl FnOnce(T) -> Asking,
    ) -> Result<Action<Deed>, ApiError> {
        let Asking { session, stamp, deed } = of(self.content);
        numbered(stamp.seq)?;
        Ok(Action { kiosk, worker_code, session, stamp, digest: self.digest, request: self.request, what: deed })
    }
}

impl<T: DeserializeOwned> FromRequest<App> for ActionBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let path = request.uri().path().to_owned();
        let bytes = read(request.into_body(), &*app.clock).await?;
        let content = parse(&bytes)?;
        let value: Value = parse(&bytes)?;
        let (digest, request) = keep(path, &value);
        Ok(Self { content, digest, request })
    }
}

/// A number that an action may have.
pub(crate) fn numbered(seq: u64) -> Result<(), ApiError> {
    if (1..=SEQ_MOST).contains(&seq) {
        return Ok(());
    }
    Err(ApiError::invalid("`seq` counts from 1, and up to 2^53 - 1. Number the action."))
}

/// What is kept of an action's request, and the digest it is known by.
pub(crate) fn keep(path: String, content: &Value) -> ([u8; 32], Kept) {
    let mut body = String::new();
    canonical(content, &mut body);
    let digest = Sha256::new().chain_update(&path).chain_update("\n").chain_update(&body).finalize().into();
    (digest, Kept { path, body })
}

async fn read(body: axum::body::Body, clock: &dyn Clock) -> Result<Bytes, ApiError> {
    tokio::select! {
        read = to_bytes(body, MOST) => {
            read.map_err(|_| ApiError::invalid(format!("The body did not arrive whole, or is over {MOST} bytes.")))
        }
        () = clock.sleep(PATIENCE) => {
            Err(ApiError::new(Code::Unavailable, "The body did not arrive in time. Nothing was stored. Send it again."))
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        // serde's words name the field and the place; they hold nothing of the server's inside.
        ApiError::invalid(format!("The body is not the JSON that belongs here: {error}."))
    })
}

/// JSON with sorted keys and no blanks: the same content has the same text, however it was written.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(&Value::String(key.clone()), out);
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            // Writing to a String can't fail.
            let _infallible = write!(out, "{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use futures_util::StreamExt;
    use http::StatusCode;
    use millrace_domain::DrivenClock;
    use millrace_protocol::action::ClockSource;
    use millrace_protocol::time::Timestamp;
    use std::sync::Arc;

    fn text(json: &str) -> String {
        let mut out = String::new();
        canonical(&serde_json::from_str(json).expect("JSON"), &mut out);
        out
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let clock = Arc::new(DrivenClock::new());
        let begun = futures_util::stream::iter([Ok::<_, std::io::Error>("{")]);
        let never = axum::body::Body::from_stream(begun.chain(futures_util::stream::pending()));
        let waiting = clock.clone();
        let read = tokio::spawn(async move { read(never, &*waiting).await.map_err(|e| e.into_response().status()) });
        tokio::task::yield_now().await;
        clock.advance(PATIENCE);
        assert_eq!(read.await.expect("ran"), Err(StatusCode::SERVICE_UNAVAILABLE));
        let body = axum::body::Body::from(vec![b' '; MOST + 1]);
        let status = super::read(body, &*clock).await.map_err(|e| e.into_response().status());
        assert_eq!(status, Err(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn numbers_are_those_that_a_browser_can_count() {
        for (seq, taken) in [(0, false), (1, true), (SEQ_MOST, true), (SEQ_MOST + 1, false), (u64::MAX, false)] {
            let id = uuid::Uuid::nil();
            let stamp = ActionStamp {
                seq,
                instance_id: millrace_protocol::InstanceId(id),
                epoch: 1,
                occurred_at: Timestamp::from_millis(0),
                wall_at: None,
                clock: ClockSource::Synced,
                running_since: None,
            };
            let request = Kept { path: String::new(), body: String::new() };
            let asking = Asking { session: SessionId(id), stamp, deed: Deed::StillHere };
            let body = ActionBody { content: (), digest: [0; 32], request };
            assert_eq!(body.action(KioskId(id), None, |()| asking).is_ok(), taken, "{seq}");
        }
    }

    #[test]
    fn the_same_content_has_the_same_text() {
        let one = text(r#"{ "b": [1, {"y": null, "x": "\u05e9\""}], "a": true }"#);
        assert_eq!(one, "{\"a\":true,\"b\":[1,{\"x\":\"ש\\\"\",\"y\":null}]}");
        assert_eq!(one, text(r#"{"a":true,"b":[1,{"x":"ש\"","y":null}]}"#));
        assert_ne!(one, text(r#"{"a":true,"b":[{"x":"ש\"","y":null},1]}"#));
    }
}
