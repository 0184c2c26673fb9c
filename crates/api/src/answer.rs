//! Answers that several routes give.

use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use millrace_domain::action::Reply;
use millrace_domain::storage::Owned;
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::session::Claimed;

/// A claimed session: 201 where it was made, 200 where it had been.
pub(crate) fn claimed(app: &App, owned: Owned, made: StatusCode) -> Response {
    let status = if owned.repeat { StatusCode::OK } else { made };
    let body = Claimed {
        session: owned.session,
        epoch: owned.epoch,
        lease: app.lease(),
        server_time: owned.now,
        last_seq: owned.last_seq,
    };
    (status, Json(body)).into_response()
}

/// The answer to a worker action, first time or repeated.
pub(crate) fn acted(reply: Reply) -> Result<Json<ActionAnswer>, ApiError> {
    match reply.result {
        Ok(answer) => Ok(Json(ActionAnswer { repeat: reply.repeat, ..answer })),
        Err(refusal) => Err(ApiError::from(refusal).repeated(reply.repeat)),
    }
}
