//! The cookie form of a token: for browsers, whose scripts must not see it.

use http::HeaderMap;
use http::header::COOKIE;

/// Whose token a cookie holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jar {
    /// A kiosk's.
    Kiosk,
    /// A user's.
    User,
}

impl Jar {
    /// `__Host-` (RFC 6265bis) binds a cookie to this host and to TLS; browsers refuse it without.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Kiosk, false) => "millrace_kiosk",
            (Self::User, false) => "millrace_user",
            (Self::Kiosk, true) => "__Host-millrace_kiosk",
            (Self::User, true) => "__Host-millrace_user",
        }
    }

    /// The token in a request's cookies.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// `Set-Cookie` with the token. A kiosk's has no end, a user's goes with the browser or the login.
    pub(crate) fn set(self, token: &str, secure: bool) -> String {
        // Browsers cut every age to 400 days.
        let age = if self == Self::Kiosk { "; Max-Age=34560000" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Strict{age}{}", self.name(secure), tls(secure))
    }

    /// `Set-Cookie` that takes it away.
    pub(crate) fn clear(self, secure: bool) -> String {
        format!("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{}", self.name(secure), tls(secure))
    }
}

fn tls(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_cookie_is_found_by_its_whole_name_only() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; xmillrace_user=no; millrace_user=yes"));
        headers.append(COOKIE, HeaderValue::from_static("millrace_kiosk=k"));
        assert_eq!(Jar::User.read(&headers, false), Some("yes"));
        assert_eq!(Jar::Kiosk.read(&headers, false), Some("k"));
        assert_eq!(Jar::Kiosk.read(&headers, true), None);
    }

    #[test]
    fn no_script_and_no_other_site_gets_at_it() {
        let plain = Jar::User.set("t", false);
        assert!(plain.contains("HttpOnly") && plain.contains("SameSite=Strict") && !plain.contains("Secure"));
        let secure = Jar::Kiosk.set("t", true);
        assert!(secure.starts_with("__Host-millrace_kiosk=t; Path=/") && secure.contains("; Secure"));
    }
}
