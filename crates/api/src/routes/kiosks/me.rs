//! `GET /api/kiosks/me`: which kiosk is calling.

use crate::auth::kiosk::Kiosk;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::access::KioskSelf;

/// Which kiosk is calling, and the highest `seq` the server has from it.
#[utoipa::path(get, path = "/api/kiosks/me", tag = "kiosks", responses(
    (status = 200, body = KioskSelf),
    (status = 401, body = Problem),
))]
pub(crate) async fn me(State(app): State<App>, kiosk: Kiosk) -> Json<KioskSelf> {
    let identity = kiosk.identity;
    Json(KioskSelf {
        kiosk_id: identity.id,
        kiosk_name: identity.name,
        station_id: identity.station,
        last_seq: identity.last_seq,
        server_time: app.clock.now(),
    })
}
