//! Kiosks are given sessions, and put into processes that play them.

use super::wire::{Account, Ask, Member, Opened, Order};
use crate::kiosk::Kiosk;
use crate::process::Process;
use crate::server::Ready;
use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::Client;
use tokio::process::Command;

/// How many open their sessions at once.
const AT_ONCE: usize = 32;

/// Opens a session at each of the first kiosks.
pub(crate) async fn enlist(http: &Client, ready: &Ready, kiosks: usize) -> anyhow::Result<Vec<Member>> {
    let opening = (0..kiosks).map(|n| async move { anyhow::Ok(Kiosk::open(http, ready, n).await?.member()) });
    futures_util::stream::iter(opening).buffered(AT_ONCE).try_collect().await
}

/// The processes. They end when this is dropped.
#[derive(Debug)]
pub(crate) struct Fleets {
    processes: Vec<Process>,
    /// Until all their connections were there, in milliseconds.
    pub(crate) open_ms: f64,
}

impl Fleets {
    /// Starts so many with these members, and waits until their connections are there.
    pub(crate) async fn open(order: Order, processes: usize) -> anyhow::Result<Self> {
        let share = order.members.len().div_ceil(processes.max(1)).max(1);
        let mut all = Vec::new();
        for members in order.members.chunks(share) {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("fleet");
            let mut process = Process::start(command)?;
            let order = Order { members: members.to_vec(), address: order.address.clone(), alive: order.alive };
            process.tell(&serde_json::to_string(&order)?).await?;
            all.push(process);
        }
        let mut open_ms = 0_f64;
        for process in &mut all {
            let opened: Opened = serde_json::from_str(&process.line().await.context("the fleet")?)?;
            open_ms = open_ms.max(opened.took_ms);
        }
        Ok(Self { processes: all, open_ms })
    }

    /// Asks all of them; what they say, in one.
    pub(crate) async fn ask(&mut self, ask: Ask) -> anyhow::Result<Account> {
        let share = u32::try_from(self.processes.len().max(1))?;
        let ask = match ask {
            Ask::Drive { rate, ms } => Ask::Drive { rate: rate / share, ms },
            other => other,
        };
        for process in &mut self.processes {
            process.tell(&serde_json::to_string(&ask)?).await?;
        }
        let mut sum = Account::default();
        for process in &mut self.processes {
            let told = serde_json::from_str(&process.line().await.context("the fleet")?)?;
            add(&mut sum, told);
        }
        Ok(sum)
    }
}

fn add(sum: &mut Account, more: Account) {
    for (all, of) in [(&mut sum.hearts, more.hearts), (&mut sum.acts, more.acts), (&mut sum.busy, more.busy)] {
        for (second, many) in of {
            *all.entry(second).or_default() += many;
        }
    }
    sum.unanswered += more.unanswered;
    sum.wrong += more.wrong;
    sum.first_wrong = sum.first_wrong.take().or(more.first_wrong);
    sum.times.extend(more.times);
    sum.behind += more.behind;
    sum.waiting += more.waiting;
    sum.drained = sum.drained.max(more.drained);
    sum.streams_back.extend(more.streams_back);
    sum.hearts_back.extend(more.hearts_back);
}
