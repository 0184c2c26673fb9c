//! What openings and handovers that waited in an outbox have in common.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use millrace_domain::action::Reply;
use millrace_protocol::SessionId;
use millrace_protocol::action::{ActionStamp, Outcome};
use millrace_protocol::session::OpenedOffline;

/// The worker who is named: nobody signed him in here.
pub(super) fn worker(kiosk: &Kiosk) -> Result<String, ApiError> {
    let code = kiosk.worker_code.clone().filter(|code| !code.is_empty());
    code.ok_or_else(|| ApiError::invalid("Name the worker in the header X-Worker-Code."))
}

/// What such a request has beside an ordinary one.
pub(super) fn stamped(
    action: Option<ActionStamp>,
    id: Option<SessionId>,
) -> Result<(ActionStamp, SessionId), ApiError> {
    match (action, id) {
        (Some(action), Some(id)) => Ok((action, id)),
        _ => Err(ApiError::invalid("With `action` comes `id`: the id that the kiosk gave the session that opens.")),
    }
}

/// 201 for a session that opened, 200 for a repeat and for what lies in quarantine.
pub(super) fn answered(app: &App, reply: Reply) -> Result<Response, ApiError> {
    let Json(answer) = answer::acted(reply)?;
    if answer.outcome != Outcome::Applied {
        return Ok(Json(answer).into_response());
    }
    let status = if answer.repeat { StatusCode::OK } else { StatusCode::CREATED };
    let opened = OpenedOffline { answer, epoch: 1, lease: app.lease(), server_time: app.clock.now() };
    Ok((status, Json(opened)).into_response())
}
