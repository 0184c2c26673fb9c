//! `PUT /api/admin/shift-calendars/{id}`: a shift calendar as it is to be from now on.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::plant::{ShiftCalendar, ShiftCalendarDraft};
use millrace_protocol::{Problem, ShiftCalendarId};

/// Changes a shift calendar. What is asked about the past is answered by the changed one, too.
#[utoipa::path(put, path = "/api/admin/shift-calendars/{id}", tag = "plant", request_body = ShiftCalendarDraft,
    params(
        ("id" = ShiftCalendarId, Path, description = "The shift calendar."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = ShiftCalendar),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The name is taken.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<ShiftCalendarId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<ShiftCalendarDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let changed = app.storage.change_calendar(admin.actor(), id, version, checked(draft)?).await?;
    Ok(tagged(changed.version, changed))
}
