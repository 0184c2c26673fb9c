//! `DELETE /api/admin/shift-calendars/{id}`: a shift calendar less.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Problem, ShiftCalendarId};

/// Removes a shift calendar by which no area works.
#[utoipa::path(delete, path = "/api/admin/shift-calendars/{id}", tag = "plant",
    params(
        ("id" = ShiftCalendarId, Path, description = "The shift calendar."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "Areas work by it.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<ShiftCalendarId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_calendar(admin.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
