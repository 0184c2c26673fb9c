//! A kiosk, by its token: enough for heartbeats, worker actions and the kiosk's own stream.

use super::cookie::Jar;
use super::credential;
use crate::error::ApiError;
use crate::secret::token_hash;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::USER_AGENT;
use http::request::Parts;
use millrace_domain::session::ownership::unknown_kiosk;
use millrace_domain::storage::{KioskIdentity, TokenHash};

/// The calling kiosk, and the worker's code where it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Kiosk {
    pub(crate) identity: KioskIdentity,
    pub(crate) worker_code: Option<String>,
}

impl Kiosk {
    /// The same for who opens a stream: many who come at once, or one that comes again and again, are asked after once.
    pub(crate) async fn reading(parts: &Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::Kiosk, app.settings.secure_cookies)?;
        let identity = app.recent.kiosk(app, token_hash(token)).await?.ok_or_else(unknown_kiosk)?;
        Ok(Self::calling(identity, parts, app).await)
    }

    async fn calling(identity: KioskIdentity, parts: &Parts, app: &App) -> Self {
        if let Some(program) = program(&parts.headers).filter(|program| identity.program.as_ref() != Some(program)) {
            // Good to know, and nothing that a request could fail on.
            if let Err(error) = app.storage.kiosk_runs(identity.id, program).await {
                tracing::debug!(%error, kiosk.id = %identity.id, "a kiosk's program could not be kept");
            }
        }
        Self { identity, worker_code: worker_code(&parts.headers) }
    }
}

impl FromRequestParts<App> for Kiosk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::Kiosk, app.settings.secure_cookies)?;
        let identity = app.storage.kiosk(token_hash(token)).await?.ok_or_else(unknown_kiosk)?;
        Ok(Self::calling(identity, parts, app).await)
    }
}

/// What a kiosk shows of itself, not looked at yet: whoever takes it looks.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) token: TokenHash,
    pub(crate) worker_code: Option<String>,
}

impl FromRequestParts<App> for Shown {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::Kiosk, app.settings.secure_cookies)?;
        Ok(Self { token: token_hash(token), worker_code: worker_code(&parts.headers) })
    }
}

/// The worker's code, where one was sent. One that can't be read was sent, too: it stays, as nobody's.
fn worker_code(headers: &HeaderMap) -> Option<String> {
    headers.get("x-worker-code").map(|code| String::from_utf8_lossy(code.as_bytes()).trim().to_owned())
}

/// Which version of our kiosk's program is calling. Said once per version: it is stored, and known from then on.
fn program(headers: &HeaderMap) -> Option<String> {
    let program = headers.get(USER_AGENT)?.to_str().ok()?.trim();
    let version = program.strip_prefix("millrace-kiosk/")?;
    let plain = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    (plain && (1..=40).contains(&version.len())).then(|| program.to_owned())
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

    #[test]
    fn only_our_own_program_is_kept_and_only_its_name() {
        let said = |agent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, agent.parse().expect("a header"));
            program(&headers)
        };
        assert_eq!(said("millrace-kiosk/0.1.0").as_deref(), Some("millrace-kiosk/0.1.0"));
        for other in ["Mozilla/5.0", "millrace-kiosk/", "millrace-kiosk/1 =HYPERLINK()", "curl/8"] {
            assert_eq!(said(other), None, "{other}");
        }
    }
}
