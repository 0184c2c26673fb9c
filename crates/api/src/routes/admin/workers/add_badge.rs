//! `POST /api/admin/workers/{id}/badges`: a worker gets a badge.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::secret::token_hash;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use millrace_domain::people::badge;
use millrace_domain::storage::StoredBadge;
use millrace_protocol::people::{Badge, BadgeDraft};
use millrace_protocol::{Problem, WorkerId};

/// Gives a worker a badge. What the reader types is stored as a digest; its end stays readable, as a hint.
#[utoipa::path(post, path = "/api/admin/workers/{id}/badges", tag = "people", request_body = BadgeDraft,
    params(("id" = WorkerId, Path, description = "The worker.")),
    responses(
        (status = 201, body = Badge),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The badge is in use already.", body = Problem),
    ))]
pub(super) async fn add_badge(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<WorkerId>,
    Body(draft): Body<BadgeDraft>,
) -> Result<(StatusCode, Json<Badge>), ApiError> {
    let new = badge(&draft)?;
    let code = token_hash(&new.code);
    let stored = StoredBadge { code, hint: new.hint, valid_from: new.valid_from, valid_to: new.valid_to };
    let made = app.storage.add_badge(admin.actor(), id, stored).await?;
    Ok((StatusCode::CREATED, Json(made)))
}
