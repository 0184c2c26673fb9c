//! Changes of status at a steady rate, whether or not the ones before were answered (an open loop).

use crate::kiosk::Kiosk;
use crate::server::Ready;
use crate::time::{now, until, wall};
use anyhow::Context;
use millrace_protocol::SessionId;
use millrace_protocol::access::{UserLoggedIn, UserLogin};
use reqwest::Client;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// One change of status: when it was sent, when it was acknowledged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tap {
    pub(crate) sent: Instant,
    /// The same moment on the machine's clock, in microseconds.
    pub(crate) sent_at: i64,
    pub(crate) accepted: Instant,
}

/// Taps by what they made: a session's row of this version.
pub(crate) type Taps = HashMap<(SessionId, u32), Tap>;

/// How taps come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// How many a second.
    pub(crate) rate: u32,
    /// For how long.
    pub(crate) length: Duration,
    /// Whether they wait for a server that is away.
    pub(crate) for_certain: bool,
}

/// Kiosks that have a session open.
pub(crate) type Crew = Vec<Arc<Mutex<Kiosk>>>;

/// Opens a session at each of the first kiosks.
pub(crate) async fn crew(http: &Client, ready: &Ready, kiosks: usize) -> anyhow::Result<Crew> {
    let mut crew = Vec::with_capacity(kiosks);
    for n in 0..kiosks {
        crew.push(Arc::new(Mutex::new(Kiosk::open(http, ready, n).await?)));
    }
    Ok(crew)
}

/// Taps at this pace, spread over the kiosks, from `began` on.
pub(crate) async fn taps(kiosks: &[Arc<Mutex<Kiosk>>], pace: Pace, began: Instant) -> anyhow::Result<Taps> {
    let step = Duration::from_secs(1) / pace.rate.max(1);
    let mut taps = tokio::task::JoinSet::new();
    for (n, kiosk) in kiosks.iter().cycle().enumerate() {
        let due = began + step * u32::try_from(n)?;
        if due >= began + pace.length {
            break;
        }
        until(due).await;
        let kiosk = kiosk.clone();
        taps.spawn(async move {
            let mut kiosk = kiosk.lock().await;
            let (sent, sent_at) = (now(), wall());
            let made = if pace.for_certain { kiosk.change_for_certain().await? } else { kiosk.change().await? };
            anyhow::Ok((made, Tap { sent, sent_at, accepted: now() }))
        });
    }
    taps.join_all().await.into_iter().collect()
}

/// A supervisor's token.
pub(crate) async fn log_in(http: &Client, ready: &Ready) -> anyhow::Result<String> {
    let login =
        UserLogin { username: ready.admin.username.clone(), password: ready.admin.password.clone(), cookie: false };
    let answer = http.post(format!("{}/api/admin/login", ready.url)).json(&login).send().await?.error_for_status()?;
    answer.json::<UserLoggedIn>().await?.token.context("a token")
}
