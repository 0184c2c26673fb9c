//! `GET /api/images/{id}`: a picture of a report.

use super::Binary;
use crate::auth::viewer::Viewer;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode};
use millrace_protocol::{Code, ImageId, Problem};

/// Kept by a browser, but asked about each time: the right to see it may have ended since.
const CACHE: &str = "private, no-cache";

/// A picture of a report: for users, and for the worker whose report it is, signed in at the kiosk it came from. It
/// never changes under its id.
#[utoipa::path(get, path = "/api/images/{id}", tag = "reports",
    params(
        ("id" = ImageId, Path, description = "The picture."),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of a copy that is at hand."),
    ),
    responses(
        (status = 200, body = Binary, content_type = "image/jpeg"),
        (status = 304, description = "The copy at hand is the picture."),
        (status = 401, body = Problem),
        (status = 404, description = "Not here (yet), or another's.", body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    viewer: Viewer,
    Named(id): Named<ImageId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let missing =
        || ApiError::new(Code::NotFound, "This picture is not here: it may still be on its way. Try again later.");
    let picture = app.storage.picture(id, viewer.only()).await?.ok_or_else(missing)?;
    let tag = format!("\"{}\"", hex::encode(picture.digest));
    let cached = [(ETAG, tag.clone()), (CACHE_CONTROL, CACHE.to_owned())];
    if at_hand(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
    }
    let said = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_DISPOSITION, "inline"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((cached, said, picture.content).into_response())
}

/// Whether whoever asks has it (RFC 9110, 13.1.2).
fn at_hand(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_copy_is_known_by_its_tag() {
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(value));
            at_hand(&headers, "\"ab\"")
        };
        assert!(asked("\"ab\"") && asked("\"x\", W/\"ab\"") && asked("*"));
        assert!(!asked("ab") && !asked("\"abc\"") && !at_hand(&HeaderMap::new(), "\"ab\""));
    }
}
