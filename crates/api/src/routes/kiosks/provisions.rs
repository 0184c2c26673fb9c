//! `GET /api/kiosks/provisions`: what a kiosk keeps on its disk for the time without the server.

use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::checklist::StationChecklists;
use millrace_protocol::provisions::{ProvidedReasons, Provisions};
use millrace_protocol::status::ReasonType;

/// All that a kiosk bound to a station needs to start, hand over and end sessions there while the server is away: the
/// workers who may use it with the digests of their badges, its statuses, reasons, checklists and items. Nobody needs to
/// be signed in. PINs are not in it. Without a station the lists are empty.
#[utoipa::path(get, path = "/api/kiosks/provisions", tag = "kiosks", responses(
    (status = 200, body = Provisions),
    (status = 401, body = Problem),
))]
pub(crate) async fn provisions(State(app): State<App>, kiosk: Kiosk) -> Result<Json<Provisions>, ApiError> {
    let as_of = app.clock.now();
    let offline_start = app.storage.lets_kiosks_start();
    let station = match kiosk.identity.station {
        Some(station) => app.storage.station(station).await?.filter(|station| station.active),
        None => None,
    };
    let Some(station) = station else {
        return Ok(Json(Provisions {
            as_of,
            offline_start,
            station: None,
            workers: vec![],
            statuses: vec![],
            reasons: ProvidedReasons::default(),
            checklists: StationChecklists { start: None, end: None },
            job_items: vec![],
        }));
    };
    let id = station.id;
    let reasons = async |kind| app.storage.reasons(id, kind).await;
    Ok(Json(Provisions {
        as_of,
        offline_start,
        workers: app.storage.workers_for(id).await?,
        statuses: app.storage.statuses(id).await?,
        reasons: ProvidedReasons {
            stop: reasons(ReasonType::Stop).await?,
            malfunction: reasons(ReasonType::Malfunction).await?,
            general: reasons(ReasonType::General).await?,
            scrap: reasons(ReasonType::Scrap).await?,
        },
        checklists: app.storage.station_checklists(id).await?.unwrap_or(StationChecklists { start: None, end: None }),
        job_items: app.storage.station_job_items(id).await?,
        station: Some(station),
    }))
}
