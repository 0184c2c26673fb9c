//! Brings the demo's plan and its secrets into the database: all at the first start, what is new at a later one.

use super::plan::{self, Extent};
use super::secrets::Secrets;
use super::{ADMINISTRATOR, orders, shifts};
use anyhow::{Context, bail};
use chrono::NaiveDate;
use millrace_api::secret;
use millrace_domain::storage::{Floorplan, PlannedKiosk, PlannedUser, PlannedWorker, Storage};
use millrace_domain::{Chance, Clock};
use millrace_protocol::access::{Role, User};
use std::collections::BTreeMap;
use std::path::Path;

/// A demo floor that is in the database.
#[derive(Debug, Clone)]
pub struct Floor {
    /// How much of it there is.
    pub extent: Extent,
    /// Its secrets.
    pub secrets: Secrets,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// How many kiosks.
    pub kiosks: usize,
    /// Whether a new floor has a past.
    pub history: bool,
}

/// Makes the demo floor, or makes it larger, or only finds it.
///
/// # Errors
/// When the database holds a floor that is not the demo's, or can't be written.
pub async fn furnish(
    storage: &dyn Storage,
    folder: &Path,
    wish: Wish,
    clock: &dyn Clock,
    chance: &dyn Chance,
) -> anyhow::Result<Floor> {
    let bare = storage.is_bare().await.context("the database could not be read")?;
    let mut secrets = Secrets::load_or_make(folder, chance)?;
    if !bare && secrets.tokens.is_empty() {
        bail!(
            "this database holds a floor that the demo did not make; start it with `serve`, or choose another --data-dir"
        );
    }
    let there = if bare { Extent::NOTHING } else { present(storage, &secrets).await? };
    let wanted = Extent::of(wish.kiosks.max(there.kiosks));
    // Secrets first: a floor whose secrets are lost could never be entered again.
    if secrets.extend(wanted, chance) || bare {
        secrets.save(folder)?;
    }
    if there != wanted {
        let today = shifts::today(clock.now());
        let mut floorplan = floorplan(there, wanted, today, &secrets).await?;
        // Not counted: the hashes, which are slow on purpose.
        let began = clock.monotonic();
        if bare && wish.history {
            let past = super::history::weeks(today, wanted.kiosks);
            floorplan.jobs.extend(past.jobs);
            floorplan.history = Some(Box::new(past.history));
        }
        let events = floorplan.history.as_ref().map_or(0, |past| past.events.len());
        storage.furnish(floorplan).await.context("the demo floor could not be made")?;
        let took_ms = (clock.monotonic() - began).as_millis();
        tracing::info!(stations = wanted.stations, events, took_ms, "the demo floor is made");
    }
    Ok(Floor { extent: wanted, secrets })
}

/// How much of the floor an earlier start made. A start that ended between secrets and floor left more secrets.
async fn present(storage: &dyn Storage, secrets: &Secrets) -> anyhow::Result<Extent> {
    let mut kiosks = secrets.tokens.len();
    while kiosks > 0 {
        let token = secret::token_hash(&secrets.tokens[kiosks - 1]);
        if storage.kiosk(token).await.context("the database could not be read")?.is_some() {
            return Ok(Extent::of(kiosks));
        }
        kiosks -= 1;
    }
    bail!("the database does not know the kiosks of this demo; remove the data directory to begin anew")
}

/// What is missing between two extents.
async fn floorplan(there: Extent, wanted: Extent, today: NaiveDate, secrets: &Secrets) -> anyhow::Result<Floorplan> {
    let first = there == Extent::NOTHING;
    let mut hashes = hashes(first, secrets).await?;
    let workers = plan::workers(there.workers..wanted.workers).map(|(id, worker)| PlannedWorker {
        id,
        pin_hash: hashes.remove(&worker.code),
        code: worker.code,
        name: worker.name,
        language: worker.language.to_owned(),
    });
    let workers = workers.collect();
    let kiosks = (there.kiosks..wanted.kiosks).map(|number| PlannedKiosk {
        id: plan::kiosk_id(number),
        name: plan::kiosk_name(number),
        station: Some(plan::station_id(plan::station_of(number))),
        token: secret::token_hash(&secrets.tokens[number]),
    });
    let user = hashes.remove(&secrets.username).map(|password_hash| PlannedUser {
        user: User {
            id: plan::user_id(),
            username: secrets.username.clone(),
            name: ADMINISTRATOR.to_owned(),
            role: Role::Admin,
        },
        password_hash,
    });
    let open = first.then(|| orders::open(today)).into_iter().flatten();
    Ok(Floorplan {
        stations: plan::stations(there.stations..wanted.stations).collect(),
        workers,
        statuses: if first { plan::global_statuses().chain(plan::station_statuses()).collect() } else { Vec::new() },
        reasons: if first { plan::reasons().collect() } else { Vec::new() },
        users: user.into_iter().collect(),
        kiosks: kiosks.collect(),
        calendars: if first { shifts::calendars(today) } else { Vec::new() },
        checklists: if first { orders::checklists().into() } else { Vec::new() },
        jobs: open.chain(orders::further(there.stations..wanted.stations, today)).collect(),
        history: None,
    })
}

/// The hashes of password and PINs, by user name and worker's code; for a new floor only, as further workers have no
/// PIN. They are slow and large on purpose: one after the other, or a small machine would be out of memory.
async fn hashes(first: bool, secrets: &Secrets) -> anyhow::Result<BTreeMap<String, String>> {
    if !first {
        return Ok(BTreeMap::new());
    }
    let mut known = secrets.pins.clone();
    known.insert(secrets.username.clone(), secrets.password.clone());
    let hashed = move || known.into_iter().map(|(name, secret)| (name, secret::hash_password(&secret))).collect();
    tokio::task::spawn_blocking(hashed).await.context("a password could not be hashed")
}
