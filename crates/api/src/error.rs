//! The one way an error leaves the server: as a problem, with a code and no inner text.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use millrace_domain::Refusal;
use millrace_domain::storage::StorageError;
use millrace_protocol::{Code, Problem};

/// A problem on its way out. The details are on the heap: a handler's result is mostly the other thing.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Problem>);

impl ApiError {
    /// A problem of this code.
    #[must_use]
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(code, detail)))
    }

    /// Nobody, or nobody known, is asking.
    #[must_use]
    pub(crate) fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(Code::Unauthenticated, detail)
    }

    /// The request can't be read or can't be meant.
    #[must_use]
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(Code::InvalidPayload, detail)
    }

    /// Too many requests; come back after so many seconds.
    #[must_use]
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        let detail = format!("Too many attempts. Wait {seconds} s and try again.");
        Self(Box::new(Problem::new(Code::RateLimited, detail).with("retryAfter", seconds)))
    }

    /// All places are taken; come back after so many seconds.
    #[must_use]
    pub(crate) fn busy(seconds: u64) -> Self {
        let detail = format!("Many are sending at once. Nothing was stored. Send the same again in {seconds} s.");
        Self(Box::new(Problem::new(Code::Unavailable, detail).with("retryAfter", seconds)))
    }

    /// Whether it comes of data that can't be read or kept now.
    #[must_use]
    pub(crate) fn is_unavailable(&self) -> bool {
        self.0.code == Code::Unavailable
    }

    /// A problem that was answered before.
    #[must_use]
    pub(crate) fn repeated(self, repeat: bool) -> Self {
        if repeat { Self(Box::new(self.0.with("repeat", true))) } else { self }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal.problem()))
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Refused(refusal) => refusal.into(),
            StorageError::Unavailable(reason) => {
                tracing::warn!(%reason, "a request could not be served now");
                Self::new(Code::Unavailable, "The server can't take this now. Nothing was stored. Try again.")
            }
            StorageError::Defect { context, reason } => {
                tracing::error!(context, %reason, "a request failed on a defect");
                Self::new(
                    Code::Internal,
                    "The server failed on a defect. Nothing was stored. Tell whoever looks after it.",
                )
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        problem_response(&self.0)
    }
}

/// A problem as a response.
pub(crate) fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
    let named = problem.extra.get("retryAfter").and_then(serde_json::Value::as_u64);
    let retry_after = match problem.code {
        Code::RateLimited => named,
        Code::Unavailable => named.or(Some(1)),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.code == Code::Unauthenticated {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
