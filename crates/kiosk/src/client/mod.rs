//! The server, as calls: one function per route, typed by `millrace-protocol`.
//!
//! Each call is tried once. Who tries again, and when, is decided by the caller: a heartbeat, the
//! outbox and a person at a screen have different reasons to.

pub mod desk;
pub mod kiosk;

use millrace_protocol::{Code, Problem};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a call may take before it counts as not answered.
pub const CALL_LIMIT: Duration = Duration::from_secs(10);
/// How long a connection may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// Why a call has no answer that could be used.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nothing came back: no connection, or no answer in time.
    #[error("the server could not be reached")]
    Unreached(#[source] reqwest::Error),
    /// The server said why not.
    #[error("the server answered {:?}: {}", .problem.code, .problem.detail)]
    Problem {
        /// What it said.
        problem: Box<Problem>,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// Something answered that is not our server, or not a version of it that we understand.
    #[error("what answered with status {status} is not a Millrace server of this version")]
    Foreign {
        /// The HTTP status.
        status: u16,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The address is none.
    #[error("`{0}` is no address of a server: it should look like http://host:port")]
    Address(String),
}

impl CallError {
    /// The code of the problem, where there is one.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem { problem, .. } => Some(problem.code),
            Self::Unreached(_) | Self::Foreign { .. } | Self::Address(_) => None,
        }
    }

    /// The same as a problem, for a screen.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Problem { problem, .. } => (**problem).clone(),
            Self::Unreached(_) => {
                Problem::new(Code::Unavailable, "The server can't be reached. Check the network, then try again.")
            }
            Self::Foreign { .. } => {
                Problem::new(Code::Unavailable, format!("{self}. Check the address, or ask your supervisor."))
            }
            Self::Address(_) => Problem::new(Code::InvalidPayload, format!("{self}.")),
        }
    }

    /// Whether our server said this, be it a refusal.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Problem { .. })
    }

    /// Whether the request has certainly not reached anybody: there was no connection.
    #[must_use]
    pub fn never_left(&self) -> bool {
        matches!(self, Self::Unreached(error) if error.is_connect())
    }

    /// When the server wants to be asked again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem { retry_after, .. } | Self::Foreign { retry_after, .. } => *retry_after,
            Self::Unreached(_) | Self::Address(_) => None,
        }
    }
}

/// A server and the right to talk to it. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

/// Without the token.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the server at this address (`http://host:port`), with a device token or a login's.
    ///
    /// # Errors
    /// [`CallError::Address`] when the address is none, [`CallError::Unreached`] when the system
    /// has no sockets to give.
    pub fn new(server_url: &str, token: Option<&str>) -> Result<Self, CallError> {
        let wrong = || CallError::Address(server_url.to_owned());
        let base = Url::parse(server_url.trim()).map_err(|_| wrong())?;
        // This build carries no TLS: an https address would only ever look like a server that is away.
        if base.scheme() != "http" || base.host_str().is_none() {
            return Err(wrong());
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            // A server on the same floor is never behind a proxy of the office.
            .no_proxy()
            .tcp_keepalive(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("millrace-kiosk/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(CallError::Unreached)?;
        Ok(Self { http, base, token: token.map(str::to_owned) })
    }

    /// The same connections with another right.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The server's address.
    #[must_use]
    pub fn server_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // A path of ours is always absolute, so joining can't fail; the base alone would answer 404.
        let url = self.base.join(path).unwrap_or_else(|_| self.base.clone());
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path).timeout(CALL_LIMIT)
    }

    fn post(&self, path: &str, body: &impl Serialize) -> RequestBuilder {
        self.request(Method::POST, path).timeout(CALL_LIMIT).json(body)
    }

    /// Opens a stream. The answer's body is the reader's; only its head is checked here.
    ///
    /// # Errors
    /// As every call.
    pub async fn stream(&self, path: &str, last_event_id: Option<&str>) -> Result<Response, CallError> {
        let mut request = self.request(Method::GET, path).header(ACCEPT, "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.send().await.map_err(CallError::Unreached)?;
        if response.status().as_u16() == 200 && media_type(response.headers()) == "text/event-stream" {
            return Ok(response);
        }
        Err(refusal(response).await)
    }

    /// The path of one stream that carries all of these topics, named as the server names them.
    #[must_use]
    pub fn topics(&self, topics: &[impl AsRef<str>]) -> String {
        let mut url = self.base.clone();
        url.set_path("/api/stream");
        url.query_pairs_mut().clear().extend_pairs(topics.iter().map(|topic| ("topic", topic.as_ref())));
        format!("{}?{}", url.path(), url.query().unwrap_or_default())
    }

    /// What a stream's `initial` would carry now, for when streams fail.
    ///
    /// # Errors
    /// As every call.
    pub async fn snapshot(&self, path: &str) -> Result<serde_json::Value, CallError> {
        read(self.get(path).query(&[("snapshot", "1")])).await
    }
}

/// Sends, and reads the answer as `T`.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, CallError> {
    let response = request.send().await.map_err(CallError::Unreached)?;
    let status = response.status();
    if !status.is_success() {
        return Err(refusal(response).await);
    }
    let body = response.bytes().await.map_err(CallError::Unreached)?;
    serde_json::from_slice(&body).map_err(|_| CallError::Foreign { status: status.as_u16(), retry_after: None })
}

/// Sends, and reads the answer, which may be none.
async fn maybe(request: RequestBuilder) -> Result<serde_json::Value, CallError> {
    let body = bytes(request).await?;
    if body.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    serde_json::from_slice(&body).map_err(|_| CallError::Foreign { status: 200, retry_after: None })
}

/// Sends, and reads the answer as it is.
async fn bytes(request: RequestBuilder) -> Result<Vec<u8>, CallError> {
    let response = request.send().await.map_err(CallError::Unreached)?;
    if !response.status().is_success() {
        return Err(refusal(response).await);
    }
    Ok(response.bytes().await.map_err(CallError::Unreached)?.to_vec())
}

/// Sends, and only looks whether it was taken.
async fn done(request: RequestBuilder) -> Result<(), CallError> {
    let response = request.send().await.map_err(CallError::Unreached)?;
    if response.status().is_success() { Ok(()) } else { Err(refusal(response).await) }
}

/// An answer that is not the one that was wanted: our problem, or not our server.
async fn refusal(response: Response) -> CallError {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    let ours = media_type(response.headers()) == "application/problem+json";
    match response.bytes().await {
        Err(error) => CallError::Unreached(error),
        Ok(body) => match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) if ours => CallError::Problem { problem: Box::new(problem), retry_after },
            Ok(_) | Err(_) => CallError::Foreign { status, retry_after },
        },
    }
}

/// `Content-Type` without its parameters.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// `Retry-After` in seconds. Its other form, a date, is not used by our server.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    // A proxy that says "tomorrow" does not decide for how long a worker's taps stay here.
    Some(Duration::from_secs(seconds.min(300)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_checked_before_it_is_used() {
        for wrong in ["", "localhost", "ftp://host", "https://host", "http://", "not an address", "file:///etc"] {
            assert!(matches!(Client::new(wrong, None), Err(CallError::Address(_))), "{wrong:?}");
        }
        let client = Client::new(" http://floor.example:8080/ ", None).expect("an address");
        assert_eq!(client.server_url(), "http://floor.example:8080");
    }

    #[test]
    fn topics_are_named_in_the_query_whatever_is_in_their_names() {
        let client = Client::new("http://floor.example:8080", None).expect("an address");
        let path = client.topics(&["stations", "reports?type=scrap", "session/1&topic=kiosk"]);
        let read: Vec<_> = client.base.join(&path).expect("a path").query_pairs().into_owned().collect();
        let named = |topic: &str| ("topic".to_owned(), topic.to_owned());
        assert_eq!(read, [named("stations"), named("reports?type=scrap"), named("session/1&topic=kiosk")]);
        assert!(path.starts_with("/api/stream?topic=stations&"), "{path}");
    }

    #[test]
    fn debug_output_keeps_the_token_to_itself() {
        let client = Client::new("http://floor.example", Some("secret-token")).expect("an address");
        assert!(!format!("{client:?}").contains("secret"));
    }
}
