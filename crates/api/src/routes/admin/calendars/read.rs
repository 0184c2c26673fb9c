//! `GET /api/admin/shift-calendars/{id}`: one shift calendar.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::plant::ShiftCalendar;
use millrace_protocol::{Problem, ShiftCalendarId};

/// One shift calendar, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/shift-calendars/{id}", tag = "plant",
    params(("id" = ShiftCalendarId, Path, description = "The shift calendar.")),
    responses(
        (status = 200, body = ShiftCalendar),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<ShiftCalendarId>,
) -> Result<impl IntoResponse, ApiError> {
    let found = app.storage.calendar(id).await?.ok_or_else(missing)?;
    Ok(tagged(found.version, found))
}
