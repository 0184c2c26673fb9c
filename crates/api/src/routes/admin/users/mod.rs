//! Users: who may log in, and as what. Only administrators see them.

mod change;
mod create;
mod delete;
mod list;
mod read;
mod set_password;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::people::user as checked;
use millrace_protocol::Code;
use millrace_protocol::access::Role;
use millrace_protocol::people::UserRecord;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(read::read, change::change, delete::delete))
        .routes(routes!(set_password::set_password))
}

impl Cells for UserRecord {
    const FILE: &'static str = "users";
    const HEADER: &'static [&'static str] = &["id", "username", "name", "role", "active", "workerId", "version"];

    fn cells(&self) -> Vec<Cell> {
        let role = match self.role {
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        };
        vec![
            Cell::text(&self.id),
            Cell::text(&self.username),
            Cell::text(&self.name),
            Cell::text(role),
            Cell::text(&self.active),
            Cell::maybe(self.worker_id),
            Cell::Number(self.version.into()),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such user. Look the id up again.")
}
