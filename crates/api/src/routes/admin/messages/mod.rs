//! Messages to kiosks, as supervisors send them.

mod list;
mod send;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::floor::Message;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(send::send))
}

impl Cells for Message {
    const FILE: &'static str = "messages";
    const HEADER: &'static [&'static str] = &["id", "kioskId", "text", "sentAt", "sentBy", "shownAt", "confirmedAt"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.kiosk_id),
            Cell::text(&self.text),
            Cell::text(&self.sent_at),
            Cell::text(&self.sent_by),
            Cell::maybe(self.shown_at),
            Cell::maybe(self.confirmed_at),
        ]
    }
}
