//! Reading a request's body: JSON, with problems that say what is wrong.

use crate::error::ApiError;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use millrace_domain::action::{Action, Request as Kept};
use millrace_protocol::action::ActionStamp;
use millrace_protocol::{KioskId, SessionId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The largest body, in bytes. Nothing a worker taps comes near it.
const MOST: usize = 64 * 1024;

/// A JSON body, whatever `Content-Type` says: `sendBeacon` can only send `text/plain`.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        parse(&read(request).await?).map(Self)
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
    /// The action this body asks for; `of` says which session, claim and deed its content names.
    pub(crate) fn action<W>(
        self,
        kiosk: KioskId,
        worker_code: Option<String>,
        of: impl FnOnce(T) -> (SessionId, ActionStamp, W),
    ) -> Result<Action<W>, ApiError> {
        let (session, stamp, what) = of(self.content);
        if stamp.seq == 0 || i64::try_from(stamp.seq).is_err() {
            return Err(ApiError::invalid("`action.seq` counts from 1. Number the action."));
        }
        Ok(Action { kiosk, worker_code, session, stamp, digest: self.digest, request: self.request, what })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ActionBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let path = request.uri().path().to_owned();
        let bytes = read(request).await?;
        let content = parse(&bytes)?;
        let value: Value = parse(&bytes)?;
        let mut body = String::with_capacity(bytes.len());
        canonical(&value, &mut body);
        let digest = Sha256::new().chain_update(&path).chain_update("\n").chain_update(&body).finalize().into();
        Ok(Self { content, digest, request: Kept { path, body } })
    }
}

async fn read(request: Request) -> Result<Bytes, ApiError> {
    to_bytes(request.into_body(), MOST)
        .await
        .map_err(|_| ApiError::invalid(format!("The body did not arrive whole, or is over {MOST} bytes.")))
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

    fn text(json: &str) -> String {
        let mut out = String::new();
        canonical(&serde_json::from_str(json).expect("JSON"), &mut out);
        out
    }

    #[test]
    fn the_same_content_has_the_same_text() {
        let one = text(r#"{ "b": [1, {"y": null, "x": "\u05e9\""}], "a": true }"#);
        assert_eq!(one, "{\"a\":true,\"b\":[1,{\"x\":\"ש\\\"\",\"y\":null}]}");
        assert_eq!(one, text(r#"{"a":true,"b":[1,{"x":"ש\"","y":null}]}"#));
        assert_ne!(one, text(r#"{"a":true,"b":[{"x":"ש\"","y":null},1]}"#));
    }
}
