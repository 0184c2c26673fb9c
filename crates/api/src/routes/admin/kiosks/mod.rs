//! Kiosks: the devices that were enrolled.

mod change;
mod list;
mod read;
mod revoke;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::{Refusal, draft};
use millrace_protocol::Code;
use millrace_protocol::device::{KioskDraft, KioskRecord};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(read::read, change::change, revoke::revoke))
}

impl Cells for KioskRecord {
    const FILE: &'static str = "kiosks";
    const HEADER: &'static [&'static str] =
        &["id", "name", "stationId", "stationCode", "program", "enrolledAt", "lastContactAt", "revokedAt", "version"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.name),
            Cell::maybe(self.station_id),
            Cell::maybe(self.station_code.as_ref()),
            Cell::maybe(self.program.as_ref()),
            Cell::text(&self.enrolled_at),
            Cell::text(&self.last_contact_at),
            Cell::maybe(self.revoked_at),
            Cell::Number(self.version.into()),
        ]
    }
}

/// The draft as it may be stored.
fn checked(draft: KioskDraft) -> Result<KioskDraft, Refusal> {
    let KioskDraft { name, station_id } = draft;
    Ok(KioskDraft { name: draft::name(&name)?, station_id })
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such kiosk. Look the id up again.")
}
