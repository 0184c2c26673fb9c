//! Checklists: what is asked when a session starts or ends. Supervisors manage them, too.

mod change;
mod create;
mod delete;
mod list;
mod read;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::Code;
use millrace_protocol::checklist::Checklist;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for Checklist {
    const FILE: &'static str = "checklists";
    const HEADER: &'static [&'static str] = &["id", "name", "items", "required", "active", "version"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.name),
            Cell::count(self.items.len()),
            Cell::count(self.items.iter().filter(|item| item.required).count()),
            Cell::text(&self.active),
            Cell::Number(self.version.into()),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such checklist. Look the id up again.")
}
