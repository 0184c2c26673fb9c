//! Versions in headers: `ETag` on an answer with one thing, `If-Match` on its change (RFC 9110, 8.8.3 and 13.1.1).
//!
//! In a handler the extractor stands after the one of the caller: who may not ask hears that first.

use crate::error::ApiError;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{AppendHeaders, IntoResponse};
use http::header::{ETAG, HeaderName, IF_MATCH};
use http::request::Parts;
use millrace_protocol::Code;
use serde::Serialize;

/// The version a change is made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IfMatch(pub(crate) u32);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            return Err(ApiError::new(
                Code::PreconditionRequired,
                "Say which version you change: read the thing, and send its ETag as `If-Match`.",
            ));
        };
        value.to_str().ok().and_then(version).map(Self).ok_or_else(|| {
            ApiError::invalid("`If-Match` names one version in quotes, as the thing's ETag does: \"3\".")
        })
    }
}

/// A proxy that compresses an answer marks its tag as weak; the version is the same.
fn version(tag: &str) -> Option<u32> {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// One thing, with its version as `ETag`.
pub(crate) fn tagged(version: u32, thing: impl Serialize) -> impl IntoResponse {
    let tag: (HeaderName, String) = (ETAG, format!("\"{version}\""));
    (AppendHeaders([tag]), Json(thing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_version_in_quotes() {
        assert_eq!(version("\"3\""), Some(3));
        assert_eq!(version(" W/\"12\" "), Some(12));
        for wrong in ["3", "*", "\"a\"", "\"1\", \"2\"", "\"-1\"", ""] {
            assert_eq!(version(wrong), None, "{wrong:?}");
        }
    }
}
