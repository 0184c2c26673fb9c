//! The UI inside the binary: its files, and its one page for every address that is not the interface's.

use crate::error::ApiError;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, StatusCode, Uri};
use millrace_protocol::Code;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
struct Files;

/// Files whose names change with their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Whatever no route took.
pub(crate) async fn other(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return ApiError::new(Code::NotFound, "There is nothing at this address. See /api/openapi.json.")
            .into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return not_by_this_method().await.into_response();
    }
    if let Some(file) = Files::get(path) {
        let cache = if path.starts_with("assets/") { FOR_EVER } else { "no-cache" };
        let kind = file.metadata.mimetype().to_owned();
        return ([(CONTENT_TYPE, kind), (CACHE_CONTROL, cache.to_owned())], file.data).into_response();
    }
    if path.contains('.') {
        return ApiError::new(Code::NotFound, "There is no such file.").into_response();
    }
    match Files::get("index.html") {
        Some(page) => {
            ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-cache")], page.data).into_response()
        }
        None => (StatusCode::NOT_FOUND, "This server was built without its pages. Build them with `make ui` first.\n")
            .into_response(),
    }
}

/// The address is right, the method is not.
pub(crate) async fn not_by_this_method() -> ApiError {
    ApiError::new(Code::MethodNotAllowed, "This address does not take this method. See /api/openapi.json.")
}
