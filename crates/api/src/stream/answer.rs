//! The HTTP around a stream.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, StatusCode};
use millrace_protocol::{Code, Problem};

/// An answer with events in it. Proxies are told neither to keep, nor to change, nor to collect it.
pub(super) fn events(body: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache, no-transform"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, body).into_response()
}

/// A snapshot as one JSON answer.
pub(super) fn json(bytes: Bytes) -> Response {
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], bytes).into_response()
}

/// A snapshot can't be had.
pub(super) fn unavailable() -> Response {
    let problem = Problem::new(Code::Unavailable, "The server can't read its data now. Try again in a moment.");
    let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store"), (RETRY_AFTER, "2")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, super::frame::json(&problem)).into_response()
}
