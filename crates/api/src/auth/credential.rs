//! The token of a request: Bearer, or a cookie with a same-origin `Origin` where it changes state.

use super::cookie::Jar;
use crate::error::ApiError;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method};
use millrace_protocol::Code;

/// The token a request carries; Bearer wins over the cookie.
///
/// # Errors
/// `UNAUTHENTICATED` without one; `FORBIDDEN` for a change of state by cookie from another origin.
pub(crate) fn token(parts: &Parts, jar: Jar, secure: bool) -> Result<&str, ApiError> {
    if let Some(value) = parts.headers.get(AUTHORIZATION) {
        return value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthenticated("Send the token as `Authorization: Bearer TOKEN`."));
    }
    let token = jar.read(&parts.headers, secure).ok_or_else(|| {
        ApiError::unauthenticated(match jar {
            Jar::Kiosk => "This is for enrolled kiosks. Send the kiosk's token as `Authorization: Bearer TOKEN`.",
            Jar::User => "Log in first, and send the token as `Authorization: Bearer TOKEN`.",
        })
    })?;
    if changes_state(&parts.method) && !same_origin(&parts.headers) {
        return Err(ApiError::new(
            Code::Forbidden,
            "A change by cookie has to come from this server's own pages. Reload the page, or use a Bearer token.",
        ));
    }
    Ok(token)
}

fn changes_state(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether `Origin` names the host that was asked. The scheme is the proxy's business.
fn same_origin(headers: &HeaderMap) -> bool {
    let of = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let (Some(origin), Some(host)) = (of(ORIGIN), of(HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(host))
}

/// Whether a page of somebody else is asking. Browsers send `Origin` with every POST; other programs send none, and
/// nobody can be tricked into those.
pub(crate) fn foreign_origin(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) && !same_origin(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use http::{Request, StatusCode};

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).uri("/api/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    fn status(parts: &Parts) -> Result<&str, StatusCode> {
        token(parts, Jar::User, false).map_err(|error| error.into_response().status())
    }

    #[test]
    fn bearer_wins_over_the_cookie() {
        let both = parts("POST", &[("authorization", "bearer abc"), ("cookie", "millrace_user=def")]);
        assert_eq!(status(&both), Ok("abc"));
        let broken = parts("POST", &[("authorization", "Basic abc"), ("cookie", "millrace_user=def")]);
        assert_eq!(status(&broken), Err(StatusCode::UNAUTHORIZED));
    }

    #[test]
    fn a_change_by_cookie_needs_its_own_origin() {
        let cookie = ("cookie", "millrace_user=def");
        for (origin, taken) in [
            (None, false),
            (Some("http://evil.example"), false),
            (Some("null"), false),
            (Some("http://plant:7420"), true),
        ] {
            let mut headers = vec![cookie, ("host", "plant:7420")];
            headers.extend(origin.map(|origin| ("origin", origin)));
            let request = parts("POST", &headers);
            assert_eq!(status(&request).is_ok(), taken, "{origin:?}");
            assert_eq!(status(&parts("GET", &headers)), Ok("def"));
        }
    }

    #[test]
    fn nothing_is_nobody() {
        assert_eq!(status(&parts("GET", &[])), Err(StatusCode::UNAUTHORIZED));
    }
}
