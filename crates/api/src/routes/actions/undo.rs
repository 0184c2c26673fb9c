//! `POST /api/actions/undo`: a worker takes back what he did last.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::{Asking, Deed};
use millrace_protocol::action::{ActionAnswer, UndoRequest};
use millrace_protocol::{Problem, SessionId};
use uuid::Uuid;

/// Takes back the kiosk's last change of status, count or report, at most ten seconds after it. The stretch before goes
/// on from its own start, the ledger gets an entry that takes the count back, reports are withdrawn. The session is the
/// one of the claim. Openings, takeovers, bindings and ends are not taken back.
#[utoipa::path(post, path = "/api/actions/undo", tag = "sessions", request_body = UndoRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: too long ago, not the last, its item was put right or pieces were counted in it since, or acted on by a supervisor; `SEQ_REUSED`", body = Problem),
))]
pub(crate) async fn undo(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<UndoRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let claimed = app.storage.claimed_session(kiosk.identity.id, body.content.action.instance_id).await?;
    // Of no session that is known here: it waits for a supervisor like any such action.
    let session = claimed.unwrap_or(SessionId(Uuid::nil()));
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Asking {
        session,
        stamp: request.action,
        deed: Deed::Undo { undoes: request.undoes },
    })?;
    answer::acted(app.storage.act(action).await?)
}
