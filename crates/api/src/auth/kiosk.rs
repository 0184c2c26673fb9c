//! A kiosk, by its token: enough for heartbeats, worker actions and the kiosk's own stream.

use super::cookie::Jar;
use super::credential;
use crate::error::ApiError;
use crate::secret::token_hash;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use millrace_domain::storage::KioskIdentity;

/// The calling kiosk, and the worker's code where it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Kiosk {
    pub(crate) identity: KioskIdentity,
    pub(crate) worker_code: Option<String>,
}

impl FromRequestParts<App> for Kiosk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::Kiosk, app.settings.secure_cookies)?;
        let identity = app.storage.kiosk(token_hash(token)).await?.ok_or_else(|| {
            ApiError::unauthenticated("This kiosk is not known here, or was revoked. Enrol it again.")
        })?;
        Ok(Self { identity, worker_code: worker_code(&parts.headers) })
    }
}

/// The worker's code, where one was sent. One that can't be read was sent, too: it stays, as nobody's.
fn worker_code(headers: &HeaderMap) -> Option<String> {
    headers.get("x-worker-code").map(|code| String::from_utf8_lossy(code.as_bytes()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_code_that_cant_be_read_is_not_taken_for_none() {
        let code = |bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("x-worker-code", HeaderValue::from_bytes(bytes).expect("a header"));
            worker_code(&headers)
        };
        assert_eq!(worker_code(&HeaderMap::new()), None);
        assert_eq!(code(b" 1001 ").as_deref(), Some("1001"));
        assert_eq!(code("עובד".as_bytes()).as_deref(), Some("עובד"));
        assert_eq!(code(b"1001\xe9").as_deref(), Some("1001\u{fffd}"));
    }
}
