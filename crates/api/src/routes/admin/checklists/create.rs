//! `POST /api/admin/checklists`: a checklist more.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_domain::checklist;
use millrace_protocol::Problem;
use millrace_protocol::checklist::{Checklist, ChecklistDraft};

/// Makes a checklist.
#[utoipa::path(post, path = "/api/admin/checklists", tag = "plant", request_body = ChecklistDraft, responses(
    (status = 201, body = Checklist),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 409, description = "The name is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<ChecklistDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let list = app.storage.create_checklist(user.actor(), checklist::draft(&draft)?).await?;
    Ok((StatusCode::CREATED, tagged(list.version, list)))
}
