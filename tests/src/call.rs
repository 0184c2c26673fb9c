//! Calls as an outside client makes them: JSON and headers, no types of ours between test and wire.

use crate::server::TestServer;
use reqwest::header::{CONTENT_TYPE, HeaderMap, IF_MATCH};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null where it is none.
    pub body: Value,
}

impl Answer {
    /// No answer, because there was nothing to ask.
    #[must_use]
    pub fn nothing() -> Self {
        Self { status: 204, headers: HeaderMap::new(), body: Value::Null }
    }

    /// The body of an answer that has to be a success.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        self.body
    }

    /// The body of an answer that has to be this problem, in the shape that RFC 9457 and the contract ask for.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers[CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["status"], status);
        for member in ["type", "title", "detail"] {
            assert!(self.body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {}", self.body);
        }
        self.body
    }
}

/// A client with a right, or with none.
#[derive(Debug, Clone)]
pub struct Caller {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    worker: Option<String>,
}

impl Caller {
    /// Nobody.
    ///
    /// # Panics
    /// When the system has no sockets to give.
    #[must_use]
    pub fn nobody(server: &TestServer) -> Self {
        Self { http: client(usize::MAX), base: server.url.clone(), token: None, worker: None }
    }

    /// The kiosk with this number.
    ///
    /// # Panics
    /// When the demo has no such kiosk.
    #[must_use]
    pub fn kiosk(server: &TestServer, number: usize) -> Self {
        let token = server.ready["kiosks"][number]["token"].as_str().expect("a kiosk");
        Self::nobody(server).with_token(token)
    }

    /// The demo's administrator, logged in.
    ///
    /// # Panics
    /// When the login fails.
    pub async fn admin(server: &TestServer) -> Self {
        let nobody = Self::nobody(server);
        let login = nobody.post("/api/admin/login", server.ready["admin"].clone()).await.ok();
        nobody.with_token(login["token"].as_str().expect("a token"))
    }

    /// The token it shows.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same by way of another address: a proxy's.
    #[must_use]
    pub fn by_way_of(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same with a connection of its own for each request: where a test ends the server between two of them, one
    /// that was kept may be found dead by the next.
    ///
    /// # Panics
    /// When the system has no sockets to give.
    #[must_use]
    pub fn keeping_none(&self) -> Self {
        Self { http: client(0), ..self.clone() }
    }

    /// The same with another right.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same, naming a worker.
    #[must_use]
    pub fn with_worker(&self, code: &str) -> Self {
        Self { worker: Some(code.to_owned()), ..self.clone() }
    }

    /// A request with this caller's right and worker.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(worker) = &self.worker {
            request = request.header("X-Worker-Code", worker);
        }
        request
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// POST of a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    /// PUT of a JSON body, made on this version.
    pub async fn put(&self, path: &str, version: &Value, body: Value) -> Answer {
        send(self.request(Method::PUT, path).header(IF_MATCH, format!("\"{version}\"")).json(&body)).await
    }

    /// DELETE of this version.
    pub async fn delete(&self, path: &str, version: &Value) -> Answer {
        send(self.request(Method::DELETE, path).header(IF_MATCH, format!("\"{version}\""))).await
    }

    /// Signs a worker of the demo in on this kiosk; the caller that comes back names him.
    ///
    /// # Panics
    /// When the sign-in fails.
    pub async fn signed_in(&self, server: &TestServer, number: usize) -> Self {
        let worker = &server.ready["workers"][number];
        let code = worker["code"].as_str().expect("a worker");
        let mut login = json!({"workerCode": code});
        if let Some(pin) = worker["pin"].as_str() {
            login["pin"] = pin.into();
        }
        drop(self.post("/api/workers/login", login).await.ok());
        self.with_worker(code)
    }
}

fn client(kept: usize) -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).pool_max_idle_per_host(kept);
    client.build().expect("a client")
}

/// Sends, and reads all of the answer.
///
/// # Panics
/// When no answer comes.
pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("the server answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.expect("the answer has an end");
    Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
}
