//! How much of what kiosks have saved is taken at once.
//!
//! After an outage every kiosk has a full outbox, and all of them come back within seconds. More requests at once than
//! share a commit make nothing faster: they only stand in a queue, and everybody else behind them. So there is a number
//! of places; who finds none is told at once to come again, a little later than the next one, and holds nothing
//! meanwhile. An outbox does that by itself.
//!
//! Deliberately not here: heartbeats, which have a way of their own to the disk, and whatever somebody stands and waits
//! for.

use crate::error::ApiError;
use crate::state::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use millrace_domain::Chance;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// As many as the writer takes into one commit.
pub(crate) const AT_ONCE: usize = 64;
/// The longest time that somebody is asked to wait, in seconds. A place is free again within milliseconds; this is
/// about so many kiosks that come in the same second.
const SPREAD: u64 = 5;

/// What no outbox sends, and why it needs no place: all of it is rare, and somebody waits for it.
const ASIDE: [&str; 11] = [
    // One command for all that have come.
    "/api/sessions/heartbeat",
    // A worker who begins.
    "/api/sessions",
    "/api/sessions/takeover",
    "/api/sessions/handover",
    "/api/workers/login",
    "/api/workers/logout",
    "/api/kiosks/enroll",
    // A supervisor, and a clock.
    "/api/admin/",
    "/api/cron/",
    // They have places of their own.
    "/api/images/",
    "/api/messages/",
];

/// The places.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    pub(crate) fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))))
    }
}

/// Whether a request is an entry of an outbox, as far as its address tells. One that nobody has thought of is.
fn wants_a_place(method: &Method, path: &str) -> bool {
    let is_aside = |aside: &str| if aside.ends_with('/') { path.starts_with(aside) } else { path == aside };
    !method.is_safe() && path.starts_with("/api/") && !ASIDE.iter().any(|aside| is_aside(aside))
}

/// Lets a request through where it needs no place, or finds one.
pub(crate) async fn few_at_once(State(app): State<App>, request: Request, next: Next) -> Response {
    if !wants_a_place(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(_place) = app.places.0.try_acquire() else {
        return ApiError::busy(1 + drawn(SPREAD, &*app.chance)).into_response();
    };
    next.run(request).await
}

/// A number below `end`.
fn drawn(end: u64, chance: &dyn Chance) -> u64 {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    u64::from_le_bytes(bytes) % end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outbox_needs_a_place_and_nobody_else_does() {
        for path in ["/api/status-events", "/api/sessions/quantities", "/api/calls/1/cancel", "/api/of-tomorrow"] {
            assert!(wants_a_place(&Method::POST, path), "{path}");
            assert!(!wants_a_place(&Method::GET, path), "{path}");
        }
        for path in ["/api/sessions/heartbeat", "/api/sessions", "/api/admin/jobs", "/api/images/1", "/"] {
            assert!(!wants_a_place(&Method::POST, path), "{path}");
        }
    }
}
