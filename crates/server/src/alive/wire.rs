//! The public HTTP interface, as far as the players use it.

use super::crew::Member;
use millrace_protocol::access::{UserLoggedIn, UserLogin};
use millrace_protocol::action::{ActionAnswer, BindRequest, StatusChangeRequest};
use millrace_protocol::planning::{StationJobItem, StationJobItemList};
use millrace_protocol::report::{Report, ReportState};
use millrace_protocol::session::{
    Claimed, CompleteRequest, HandoverRequest, HeartbeatAnswer, HeartbeatRequest, OpenRequest, Session, TakeoverRequest,
};
use millrace_protocol::status::{Reason, ReasonList, StatusDefinition, StatusList};
use millrace_protocol::stream::ActiveSessionsInitial;
use millrace_protocol::worker::{WorkerLogin, WorkerSignedIn};
use millrace_protocol::{Code, Problem, ReportId, StationId};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;

/// How long a call may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// The server said why.
    #[error("the server answered {:?}: {}", problem.code, problem.detail)]
    Refused {
        /// What it said.
        problem: Box<Problem>,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// No answer, or none that can be read.
    #[error("no answer that can be used: {0}")]
    Failed(#[from] reqwest::Error),
    /// A status that the floor should have is missing.
    #[error("this station has no status for that")]
    NotOnTheMenu,
}

impl CallError {
    /// The code of the problem, where there is one.
    pub(super) fn code(&self) -> Option<Code> {
        match self {
            Self::Refused { problem, .. } => Some(problem.code),
            Self::Failed(_) | Self::NotOnTheMenu => None,
        }
    }

    /// When the server wants to be asked again.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            Self::Failed(_) | Self::NotOnTheMenu => None,
        }
    }
}

/// What a call gives.
pub(super) type Answer<T> = Result<T, CallError>;

/// A kiosk's way to the server.
#[derive(Clone)]
pub(super) struct Wire {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Wire {
    /// To the server at this address, with no right yet.
    pub(super) fn new(base: &str) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(LIMIT).build()?;
        Ok(Self { http, base: base.to_owned(), token: None })
    }

    /// The same with a right.
    pub(super) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    fn request(&self, method: Method, path: &str, worker: Option<&str>) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(worker) = worker {
            request = request.header("X-Worker-Code", worker);
        }
        request
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, worker: Option<&str>, body: &impl Serialize) -> Answer<T> {
        read(self.request(Method::POST, path, worker).json(body)).await
    }

    /// A supervisor's way to the server.
    pub(super) async fn desk(&self, username: &str, password: &str) -> Answer<Desk> {
        let login = UserLogin { username: username.to_owned(), password: password.to_owned(), cookie: false };
        let logged_in: UserLoggedIn = self.post("/api/admin/login", None, &login).await?;
        Ok(Desk(self.with_token(logged_in.token.as_deref().unwrap_or_default())))
    }

    /// Signs a worker in on this kiosk.
    pub(super) async fn sign_in(&self, member: &Member) -> Answer<WorkerSignedIn> {
        let login = WorkerLogin::typed(member.code.clone(), member.pin.clone());
        self.post("/api/workers/login", None, &login).await
    }

    pub(super) async fn open(&self, worker: &str, request: &OpenRequest) -> Answer<Claimed> {
        self.post("/api/sessions", Some(worker), request).await
    }

    pub(super) async fn take_over(&self, worker: &str, request: &TakeoverRequest) -> Answer<Claimed> {
        self.post("/api/sessions/takeover", Some(worker), request).await
    }

    pub(super) async fn hand_over(&self, worker: &str, request: &HandoverRequest) -> Answer<Claimed> {
        self.post("/api/sessions/handover", Some(worker), request).await
    }

    pub(super) async fn heartbeat(&self, request: &HeartbeatRequest) -> Answer<HeartbeatAnswer> {
        self.post("/api/sessions/heartbeat", None, request).await
    }

    pub(super) async fn change_status(&self, request: &StatusChangeRequest) -> Answer<ActionAnswer> {
        self.post("/api/status-events", None, request).await
    }

    pub(super) async fn complete(&self, request: &CompleteRequest) -> Answer<ActionAnswer> {
        self.post("/api/sessions/complete", None, request).await
    }

    pub(super) async fn statuses(&self, worker: &str, station: StationId) -> Answer<Vec<StatusDefinition>> {
        let path = format!("/api/statuses?stationId={station}");
        Ok(read::<StatusList>(self.request(Method::GET, &path, Some(worker))).await?.statuses)
    }

    pub(super) async fn reasons(&self, worker: &str, station: StationId, kind: &str) -> Answer<Vec<Reason>> {
        let path = format!("/api/reasons?stationId={station}&type={kind}");
        Ok(read::<ReasonList>(self.request(Method::GET, &path, Some(worker))).await?.reasons)
    }

    pub(super) async fn job_items(&self, worker: &str, station: StationId) -> Answer<Vec<StationJobItem>> {
        let path = format!("/api/stations/{station}/job-items");
        Ok(read::<StationJobItemList>(self.request(Method::GET, &path, Some(worker))).await?.job_items)
    }

    pub(super) async fn bind(&self, request: &BindRequest) -> Answer<ActionAnswer> {
        self.post("/api/sessions/bind-job-item", None, request).await
    }
}

/// A supervisor's way to the server.
#[derive(Clone)]
pub(super) struct Desk(Wire);

impl Desk {
    /// Every open session.
    pub(super) async fn open_sessions(&self) -> Answer<Vec<Session>> {
        let path = "/api/admin/dashboard/active-sessions/stream?snapshot=1";
        Ok(read::<ActiveSessionsInitial>(self.0.request(Method::GET, path, None)).await?.sessions)
    }

    /// Moves a report to another state.
    pub(super) async fn judge(&self, report: ReportId, version: u32, state: ReportState) -> Answer<Report> {
        let path = format!("/api/admin/reports/{report}/state");
        let request = self.0.request(Method::POST, &path, None).header("If-Match", format!("\"{version}\""));
        read(request.json(&json!({"state": state}))).await
    }
}

/// Sends, and reads the answer or the problem.
async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    let response = request.send().await?;
    let Err(failure) = response.error_for_status_ref() else { return Ok(response.json().await?) };
    let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let retry_after = wait.map(Duration::from_secs);
    match response.json::<Problem>().await {
        Ok(problem) => Err(CallError::Refused { problem: Box::new(problem), retry_after }),
        Err(_) => Err(failure.into()),
    }
}
