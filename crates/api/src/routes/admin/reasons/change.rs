//! `PUT /api/admin/reasons/{id}`: a reason as it is to be from now on.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_domain::catalogue;
use millrace_protocol::catalogue::{ManagedReason, ReasonDraft};
use millrace_protocol::{Problem, ReasonId};

/// Changes a reason.
#[utoipa::path(put, path = "/api/admin/reasons/{id}", tag = "plant", request_body = ReasonDraft,
    params(
        ("id" = ReasonId, Path, description = "The reason."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = ManagedReason),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`type` and `stationId` stay as they were made.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<ReasonId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<ReasonDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let reason = app.storage.change_reason(admin.actor(), id, version, catalogue::reason(&draft)?).await?;
    Ok(tagged(reason.version, reason))
}
