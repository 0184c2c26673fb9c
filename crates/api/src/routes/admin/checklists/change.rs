//! `PUT /api/admin/checklists/{id}`: a checklist as it is to be from now on.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_domain::checklist;
use millrace_protocol::checklist::{Checklist, ChecklistDraft};
use millrace_protocol::{ChecklistId, Problem};

/// Changes a checklist; its version counts up. Answers keep the list as it was when they were given.
#[utoipa::path(put, path = "/api/admin/checklists/{id}", tag = "plant", request_body = ChecklistDraft,
    params(
        ("id" = ChecklistId, Path, description = "The checklist."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Checklist),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`CONFLICT`: the name is taken. `IN_USE`: a station asks it.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ChecklistId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<ChecklistDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let list = app.storage.change_checklist(user.actor(), id, version, checklist::draft(&draft)?).await?;
    Ok(tagged(list.version, list))
}
