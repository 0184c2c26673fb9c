//! `PUT /api/admin/workers/{id}/pin`: a worker gets a PIN.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::secret::{PINS, hash_aside};
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::{PinDraft, WorkerRecord};
use millrace_protocol::{Problem, WorkerId};

/// Gives a worker a PIN, in place of the one he had. It is stored as a hash and never read back.
#[utoipa::path(put, path = "/api/admin/workers/{id}/pin", tag = "people", request_body = PinDraft,
    params(
        ("id" = WorkerId, Path, description = "The worker."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = WorkerRecord),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn set_pin(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<WorkerId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<PinDraft>,
) -> Result<impl IntoResponse, ApiError> {
    millrace_domain::people::pin(&draft.pin)?;
    let hash = hash_aside(&PINS, draft.pin).await?;
    let changed = app.storage.set_pin(admin.actor(), id, version, Some(hash)).await?;
    Ok(tagged(changed.version, changed))
}
