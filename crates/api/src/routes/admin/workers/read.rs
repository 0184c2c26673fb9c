//! `GET /api/admin/workers/{id}`: one worker.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::WorkerRecord;
use millrace_protocol::{Problem, WorkerId};

/// One worker, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/workers/{id}", tag = "people",
    params(("id" = WorkerId, Path, description = "The worker.")),
    responses(
        (status = 200, body = WorkerRecord),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<WorkerId>,
) -> Result<impl IntoResponse, ApiError> {
    let found = app.storage.worker(id).await?.ok_or_else(missing)?;
    Ok(tagged(found.version, found))
}
