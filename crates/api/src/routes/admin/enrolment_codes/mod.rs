//! Enrolment codes: what makes a device a kiosk, once.

mod create;
mod list;
mod revoke;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::device::EnrolmentCodeRecord;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(revoke::revoke))
}

impl Cells for EnrolmentCodeRecord {
    const FILE: &'static str = "enrolment-codes";
    const HEADER: &'static [&'static str] = &["id", "kioskName", "stationId", "expiresAt", "createdBy"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.kiosk_name),
            Cell::maybe(self.station_id),
            Cell::text(&self.expires_at),
            Cell::maybe(self.created_by.as_ref()),
        ]
    }
}
