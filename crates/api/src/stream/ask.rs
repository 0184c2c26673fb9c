//! What a request for a stream asks.

use crate::listener::Fate;
use axum::extract::{FromRequestParts, Query};
use http::HeaderMap;
use http::request::Parts;
use millrace_domain::change::Holder;
use millrace_protocol::Cursor;
use millrace_protocol::time::Timestamp;
use serde::Deserialize;
use std::convert::Infallible;
use utoipa::IntoParams;

/// The query of every stream, for its description. Read by [`Ask`], which refuses nothing.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// Where to resume, for clients that can't set `Last-Event-ID`; the header wins.
    pub last_event_id: Option<String>,
    /// `1`: answer once, as JSON, with the data of `initial`.
    pub snapshot: Option<String>,
}

/// From where a reader wants to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// From a fresh start.
    Start,
    /// From what this server can't have written.
    Nonsense,
    /// From here.
    Cursor(Cursor),
}

/// A request for a stream: where to begin, under which right.
///
/// As an extractor it never fails: a cursor is hostile input, and a bad one gets a fresh start, not an error,
/// since anything but 200 ends a browser's EventSource for good.
#[derive(Debug, Clone)]
pub struct Ask {
    pub(super) from: From,
    pub(super) snapshot: bool,
    pub(super) holders: Vec<Holder>,
    pub(super) since: u64,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) fate: Fate,
}

impl Ask {
    /// Reads header and query. The right is still to be named, see [`Ask::under`].
    #[must_use]
    pub fn read(headers: &HeaderMap, query: &[(String, String)]) -> Self {
        let of_query = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let header = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("\u{fffd}"));
        // The HTML standard sends no header for an empty id: empty means that nothing was received yet.
        let wanted = header.or_else(|| of_query("lastEventId")).map(str::trim).filter(|text| !text.is_empty());
        Self {
            from: wanted.map_or(From::Start, |text| text.parse().map_or(From::Nonsense, From::Cursor)),
            snapshot: of_query("snapshot") == Some("1"),
            holders: Vec::new(),
            since: 0,
            expires_at: None,
            fate: Fate::default(),
        }
    }

    /// Names who holds the right to read, as of which offset, and until when. The stream ends when any of these rights
    /// does after that offset: what ended before was another sign-in of the same people.
    #[must_use]
    pub fn under(
        mut self,
        holders: impl IntoIterator<Item = Holder>,
        since: u64,
        expires_at: Option<Timestamp>,
    ) -> Self {
        self.holders = holders.into_iter().collect();
        self.since = since;
        self.expires_at = expires_at;
        self
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query =
            Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let fate = parts.extensions.get::<Fate>().cloned().unwrap_or_default();
        Ok(Self { fate, ..Self::read(&parts.headers, &query) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn ask(header: Option<&[u8]>, query: &[(&str, &str)]) -> Ask {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert("last-event-id", HeaderValue::from_bytes(value).expect("a header"));
        }
        let query: Vec<_> = query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Ask::read(&headers, &query)
    }

    #[test]
    fn the_header_wins_over_the_query() {
        let at = |text: &str| From::Cursor(text.parse().expect("a cursor"));
        assert_eq!(ask(Some(b"e1.7"), &[("lastEventId", "e1.3")]).from, at("e1.7"));
        assert_eq!(ask(None, &[("lastEventId", "e1.3"), ("lastEventId", "e1.9")]).from, at("e1.3"));
        assert_eq!(ask(Some(b"nonsense"), &[("lastEventId", "e1.3")]).from, From::Nonsense);
    }

    #[test]
    fn hostile_cursors_are_nonsense_and_an_empty_one_is_none() {
        for bytes in [&b"\xff\xfe.1"[..], b"e1", b"e1.-1", b"e1.1;drop", b"e1.99999999999999999999999", b"../../etc.1"]
        {
            assert_eq!(ask(Some(bytes), &[]).from, From::Nonsense, "{bytes:?}");
        }
        assert_eq!(ask(Some(b""), &[]).from, From::Start);
        assert_eq!(ask(None, &[("lastEventId", "")]).from, From::Start);
    }

    #[test]
    fn a_snapshot_is_asked_for_by_1_only() {
        assert!(ask(None, &[("snapshot", "1")]).snapshot);
        assert!(!ask(None, &[("snapshot", "0")]).snapshot);
    }
}
