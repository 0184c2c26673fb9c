//! `PUT /api/admin/status-definitions/{id}`: a status as it is to be from now on.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_domain::catalogue;
use millrace_protocol::catalogue::{ManagedStatus, StatusDraft};
use millrace_protocol::{Problem, StatusDefinitionId};

/// Changes a status. History keeps it as it was named then.
#[utoipa::path(put, path = "/api/admin/status-definitions/{id}", tag = "plant", request_body = StatusDraft,
    params(
        ("id" = StatusDefinitionId, Path, description = "The status."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = ManagedStatus),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`CONFLICT`: this stays. `IN_USE`: protected, or a session is in it.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<StatusDefinitionId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<StatusDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let status = app.storage.change_status_definition(admin.actor(), id, version, catalogue::status(&draft)?).await?;
    Ok(tagged(status.version, status))
}
