//! Areas: the parts of the plant that hold stations.

mod change;
mod create;
mod delete;
mod list;
mod read;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::{Refusal, draft};
use millrace_protocol::Code;
use millrace_protocol::plant::{Area, AreaDraft};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for Area {
    const FILE: &'static str = "areas";
    const HEADER: &'static [&'static str] = &["id", "name", "calendarId", "version"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.name),
            Cell::maybe(self.calendar_id),
            Cell::Number(self.version.into()),
        ]
    }
}

/// The draft as it may be stored.
fn checked(draft: &AreaDraft) -> Result<AreaDraft, Refusal> {
    Ok(AreaDraft { name: draft::name(&draft.name)?, calendar_id: draft.calendar_id })
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such area. Look the id up again.")
}
