//! `GET /api/admin/checklists/{id}`: one checklist.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::checklist::Checklist;
use millrace_protocol::{ChecklistId, Problem};

/// One checklist, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/checklists/{id}", tag = "plant",
    params(("id" = ChecklistId, Path, description = "The checklist.")),
    responses((status = 200, body = Checklist), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<ChecklistId>,
) -> Result<impl IntoResponse, ApiError> {
    let list = app.storage.checklist(id).await?.ok_or_else(missing)?;
    Ok(tagged(list.version, list))
}
