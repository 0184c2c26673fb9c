//! `POST /api/actions/park`: an entry that its kiosk can't bring to an end.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::{Body, keep, numbered};
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::action::Parked;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, ParkRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Puts an entry of the kiosk's outbox into quarantine, as it is: one that was refused with nobody there to be told, or
/// that the server failed at for long. Its number is answered so from then on, and nothing live changes. An entry
/// that had been taken stays what it is: its answer comes again.
#[utoipa::path(post, path = "/api/actions/park", tag = "sessions", request_body = ParkRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 400, description = "`seq` is no number, `path` none of ours, or `body` no object.", body = Problem),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
))]
pub(crate) async fn park(
    State(app): State<App>,
    kiosk: Kiosk,
    Body(request): Body<ParkRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let ParkRequest { seq, path, body, problem } = request;
    numbered(seq)?;
    if !path.starts_with("/api/") || path.len() > 200 || !body.is_object() {
        return Err(ApiError::invalid("`path` is where the entry was sent to, `body` the object that was sent."));
    }
    let action = &body["action"];
    let (digest, mut request) = keep(path, &body);
    // An opening's session is the one that begins, also where it names the one that ends; and whose it is came beside.
    let begins = matches!(request.path.as_str(), "/api/sessions" | "/api/sessions/handover");
    if let (true, Some(code)) = (begins, &kiosk.worker_code) {
        let mut told = body.clone();
        told["workerCode"] = code.clone().into();
        request.body = told.to_string();
    }
    let parked = Parked {
        kiosk: kiosk.identity.id,
        seq,
        session: member(&body[if begins { "id" } else { "sessionId" }]),
        instance: member(&action["instanceId"]),
        occurred_at: member(&action["occurredAt"]),
        digest,
        request,
        problem: serde_json::json!(problem).to_string(),
    };
    answer::acted(app.storage.park(parked).await?)
}

/// What can be read of an entry that is not looked into any further.
fn member<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
