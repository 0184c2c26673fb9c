//! `POST /api/admin/shift-calendars`: a shift calendar more.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::plant::{ShiftCalendar, ShiftCalendarDraft};

/// Makes a shift calendar.
#[utoipa::path(post, path = "/api/admin/shift-calendars", tag = "plant", request_body = ShiftCalendarDraft, responses(
    (status = 201, body = ShiftCalendar),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The name is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<ShiftCalendarDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let made = app.storage.create_calendar(admin.actor(), checked(draft)?).await?;
    Ok((StatusCode::CREATED, tagged(made.version, made)))
}
