//! `enroll`

use crate::cli::Enroll;
use crate::config::Config;
use anyhow::{Context, bail};
use millrace_api::secret;
use millrace_domain::SystemChance;
use millrace_domain::storage::{Access, After, Asked, Enrolment, Stations};
use millrace_protocol::StationId;
use millrace_protocol::access::EnrolmentCodeRequest;
use millrace_sqlite::Sqlite;

/// Makes a one-time code and prints it.
pub(super) async fn enroll(config: Config, wanted: Enroll) -> anyhow::Result<()> {
    let sqlite = super::open(&config).await?;
    let made = make(&sqlite, wanted).await;
    sqlite.close().await;
    Ok(crate::say(&made?)?)
}

async fn make(sqlite: &Sqlite, wanted: Enroll) -> anyhow::Result<String> {
    let station_id = match wanted.station {
        Some(code) => Some(station(sqlite, &code).await?),
        None => None,
    };
    let code = secret::enrolment_code(&SystemChance);
    let request = EnrolmentCodeRequest { kiosk_name: wanted.name, station_id };
    let enrolment = Enrolment::new(secret::code_hash(&code), request, "server")?;
    let (_, until) = sqlite.create_enrolment(enrolment).await.context("the code could not be stored")?;
    Ok(format!("{code}  (type it at the kiosk before {until}; it works once)"))
}

async fn station(sqlite: &Sqlite, code: &str) -> anyhow::Result<StationId> {
    let all = Asked { after: After::default(), limit: u32::MAX };
    let stations = sqlite.all_stations(all, Some(true)).await.context("the database could not be read")?;
    let Some(station) = stations.items.into_iter().find(|station| station.code == code) else {
        bail!("there is no station `{code}`; the board shows the codes of all there are");
    };
    Ok(station.id)
}
