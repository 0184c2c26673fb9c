//! The routes of a kiosk and of the worker who stands at it.

use super::{CallError, Client, done, read};
use crate::view::Requests;
use millrace_protocol::access::{EnrollRequest, Enrolled, KioskSelf};
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::checklist::StationChecklists;
use millrace_protocol::floor::{Approval, ApprovalStanding, Call, CallState};
use millrace_protocol::planning::{StationJobItem, StationJobItemList};
use millrace_protocol::provisions::Provisions;
use millrace_protocol::session::{
    Claimed, HandoverRequest, HeartbeatAnswer, HeartbeatRequest, OpenRequest, TakeoverRequest,
};
use millrace_protocol::station::{StationChoice, StationList};
use millrace_protocol::status::{Reason, ReasonList, ReasonType, StatusDefinition, StatusList};
use millrace_protocol::worker::{ActiveSession, WorkerLogin, WorkerSignedIn};
use millrace_protocol::{MessageId, SessionId, StationId};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use std::time::Duration;

/// The kiosk's own stream.
pub const KIOSK_STREAM: &str = "/api/kiosk/stream";

/// What a worker can work on, and where.
pub const PIPELINE_STREAM: &str = "/api/sessions/pipeline/stream";

/// Names the worker: an identifier, never a secret.
const WORKER_CODE: &str = "X-Worker-Code";

/// `GET /api/calls`
#[derive(serde::Deserialize)]
struct CallList {
    calls: Vec<Call>,
}

/// `GET /api/approvals`
#[derive(serde::Deserialize)]
struct SessionApproval {
    standing: ApprovalStanding,
    approval: Option<Approval>,
}

fn by(request: RequestBuilder, worker_code: &str) -> RequestBuilder {
    request.header(WORKER_CODE, worker_code)
}

/// Where nobody is signed in any more the server says so, and the screen asks for it.
fn by_maybe(request: RequestBuilder, worker_code: Option<&str>) -> RequestBuilder {
    match worker_code {
        Some(code) => by(request, code),
        None => request,
    }
}

/// Every call fails as [`CallError`] says.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
impl Client {
    /// Makes this device a kiosk.
    pub async fn enroll(&self, code: &str) -> Result<Enrolled, CallError> {
        read(self.post("/api/kiosks/enroll", &EnrollRequest { code: code.to_owned(), cookie: false })).await
    }

    /// Which kiosk the server takes us for.
    pub async fn kiosk(&self) -> Result<KioskSelf, CallError> {
        read(self.get("/api/kiosks/me")).await
    }

    /// Signs a worker in on this kiosk, and waits no longer than `limit` for an answer.
    pub async fn sign_in(&self, login: &WorkerLogin, limit: Duration) -> Result<WorkerSignedIn, CallError> {
        read(self.post("/api/workers/login", login).timeout(limit)).await
    }

    /// Which kiosk this is to the server, what it has from it, and its clock.
    pub async fn me(&self) -> Result<KioskSelf, CallError> {
        read(self.get("/api/kiosks/me")).await
    }

    /// Signs the worker out.
    pub async fn sign_out(&self, worker_code: &str) -> Result<(), CallError> {
        done(by(self.post("/api/workers/logout", &serde_json::json!({})), worker_code)).await
    }

    /// The session the worker can resume.
    pub async fn active_session(&self, worker_code: &str) -> Result<ActiveSession, CallError> {
        read(by(self.get("/api/workers/active-session"), worker_code)).await
    }

    /// The stations the worker may use, with who is there.
    pub async fn stations(&self, worker_code: &str) -> Result<Vec<StationChoice>, CallError> {
        let list: StationList = read(by(self.get("/api/stations"), worker_code)).await?;
        Ok(list.stations)
    }

    /// The statuses of a station.
    pub async fn statuses(
        &self,
        worker_code: Option<&str>,
        station: StationId,
    ) -> Result<Vec<StatusDefinition>, CallError> {
        let request = self.get("/api/statuses").query(&[("stationId", station.to_string())]);
        Ok(read::<StatusList>(by_maybe(request, worker_code)).await?.statuses)
    }

    /// The reasons of a station.
    pub async fn reasons(
        &self,
        worker_code: Option<&str>,
        station: StationId,
        kind: ReasonType,
    ) -> Result<Vec<Reason>, CallError> {
        let request = self.get("/api/reasons").query(&[("stationId", station.to_string())]).query(&[("type", kind)]);
        Ok(read::<ReasonList>(by_maybe(request, worker_code)).await?.reasons)
    }

    /// What can be made at a station.
    pub async fn job_items(
        &self,
        worker_code: Option<&str>,
        station: StationId,
    ) -> Result<Vec<StationJobItem>, CallError> {
        let request = self.get(&format!("/api/stations/{station}/job-items"));
        Ok(read::<StationJobItemList>(by_maybe(request, worker_code)).await?.job_items)
    }

    /// What a station asks at the start and at the end of a session.
    pub async fn checklists(
        &self,
        worker_code: Option<&str>,
        station: StationId,
    ) -> Result<StationChecklists, CallError> {
        read(by_maybe(self.get(&format!("/api/stations/{station}/checklists")), worker_code)).await
    }

    /// What a session waits for a supervisor to do.
    pub async fn requests(&self, worker_code: Option<&str>, session: SessionId) -> Result<Requests, CallError> {
        let of = [("sessionId", session.to_string())];
        let calls: CallList = read(by_maybe(self.get("/api/calls").query(&of), worker_code)).await?;
        let approval: SessionApproval = read(by_maybe(self.get("/api/approvals").query(&of), worker_code)).await?;
        let waits = |call: &Call| matches!(call.state, CallState::Open | CallState::Seen);
        Ok(Requests {
            call: calls.calls.into_iter().find(waits),
            standing: approval.standing,
            approval: approval.approval,
        })
    }

    /// Opens a session. The same instance asking again gets the same claim. Waits no longer than `limit`.
    pub async fn open(&self, worker_code: &str, request: &OpenRequest, limit: Duration) -> Result<Claimed, CallError> {
        read(by(self.post("/api/sessions", request).timeout(limit), worker_code)).await
    }

    /// Takes a session over. The same instance asking again gets the same claim.
    pub async fn take_over(&self, worker_code: &str, request: &TakeoverRequest) -> Result<Claimed, CallError> {
        read(by(self.post("/api/sessions/takeover", request), worker_code)).await
    }

    /// Ends the session at this station and opens the next worker's. Waits no longer than `limit`.
    pub async fn hand_over(
        &self,
        worker_code: &str,
        request: &HandoverRequest,
        limit: Duration,
    ) -> Result<Claimed, CallError> {
        read(by(self.post("/api/sessions/handover", request).timeout(limit), worker_code)).await
    }

    /// Says that the kiosk of a session is there.
    pub async fn heartbeat(&self, request: &HeartbeatRequest) -> Result<HeartbeatAnswer, CallError> {
        read(self.post("/api/sessions/heartbeat", request)).await
    }

    /// Says that the window is being closed, and waits no longer than `limit` for an answer.
    pub async fn goodbye(&self, request: &HeartbeatRequest, limit: Duration) -> Result<(), CallError> {
        done(self.post("/api/sessions/heartbeat", request).timeout(limit)).await
    }

    /// Says that a message is shown here.
    pub async fn message_shown(&self, message: MessageId) -> Result<(), CallError> {
        done(self.post(&format!("/api/messages/{message}/shown"), &serde_json::json!({}))).await
    }

    /// Says that somebody here has confirmed a message.
    pub async fn message_confirmed(&self, message: MessageId) -> Result<(), CallError> {
        done(self.post(&format!("/api/messages/{message}/confirmed"), &serde_json::json!({}))).await
    }

    /// All that this kiosk's station needs while the server is away.
    pub async fn provisions(&self) -> Result<Provisions, CallError> {
        read(self.get("/api/kiosks/provisions")).await
    }

    /// Sends an entry of the outbox: these bytes and no others. An opening names its worker beside them.
    pub async fn act(&self, path: &str, body: String, worker_code: Option<&str>) -> Result<ActionAnswer, CallError> {
        let request = by_maybe(self.request(Method::POST, path).timeout(super::CALL_LIMIT), worker_code);
        read(request.header(CONTENT_TYPE, "application/json").body(body)).await
    }
}
