//! Brings the demo's plan and its secrets into the database: all at the first start, what is new at a later one.

use super::plan::{self, Extent};
use super::secrets::Secrets;
use anyhow::{Context, bail};
use millrace_api::secret;
use millrace_domain::Chance;
use millrace_domain::storage::{Floorplan, PlannedKiosk, PlannedUser, PlannedWorker, Storage};
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

/// Makes the demo floor, or makes it larger, or only finds it.
///
/// # Errors
/// When the database holds a floor that is not the demo's, or can't be written.
pub async fn furnish(
    storage: &dyn Storage,
    folder: &Path,
    kiosks: usize,
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
    let wanted = Extent::of(kiosks.max(there.kiosks));
    // Secrets first: a floor whose secrets are lost could never be entered again.
    if secrets.extend(wanted, chance) || bare {
        secrets.save(folder)?;
    }
    if there != wanted {
        let floorplan = floorplan(there, wanted, &secrets).await?;
        storage.furnish(floorplan).await.context("the demo floor could not be made")?;
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
async fn floorplan(there: Extent, wanted: Extent, secrets: &Secrets) -> anyhow::Result<Floorplan> {
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
        station: Some(plan::station_id(number)),
        token: secret::token_hash(&secrets.tokens[number]),
    });
    let user = hashes.remove(&secrets.username).map(|password_hash| PlannedUser {
        user: User {
            id: plan::user_id(),
            username: secrets.username.clone(),
            name: "Demo Administrator".to_owned(),
            role: Role::Admin,
        },
        password_hash,
    });
    Ok(Floorplan {
        stations: plan::stations(there.stations..wanted.stations).collect(),
        workers,
        statuses: if first { plan::global_statuses().chain(plan::station_statuses()).collect() } else { Vec::new() },
        reasons: if first { plan::reasons().collect() } else { Vec::new() },
        users: user.into_iter().collect(),
        kiosks: kiosks.collect(),
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
