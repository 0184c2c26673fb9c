//! The fleet's process itself (`millrace-bench fleet`, told on stdin what to do).

use super::member::{Book, Kiosk};
use super::wire::{Account, Ask, Opened, Order};
use crate::time::{now, pause, until};
use anyhow::Context;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};

/// How many connect at once: a backlog has an end.
const AT_ONCE: usize = 256;
/// How long the last driven heartbeats may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lives as the first line of stdin says, does what the others ask, and ends with stdin.
///
/// # Errors
/// When a line can't be understood.
pub(crate) fn run() -> anyhow::Result<()> {
    // One thread: more of them would only take turns with the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, serve())
}

async fn serve() -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let order: Order = serde_json::from_str(&lines.next_line().await?.context("nothing to do")?)?;
    let began = now();
    let book = Rc::new(Book::default());
    let kiosks: Vec<Rc<Kiosk>> =
        order.members.into_iter().map(|member| Kiosk::new(&order.address, member, book.clone())).collect();
    for (number, kiosk) in kiosks.iter().enumerate() {
        while number >= book.opened.get() + AT_ONCE {
            book.changed.notified().await;
        }
        if order.alive {
            kiosk.live();
        } else {
            tokio::task::spawn_local(kiosk.clone().ready());
        }
    }
    while book.opened.get() < kiosks.len() {
        book.changed.notified().await;
    }
    say(&Opened { took_ms: began.elapsed().as_secs_f64() * 1_000.0 })?;
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)? {
            Ask::Drive { rate, ms } => {
                drive(&kiosks, rate, Duration::from_millis(ms), &book).await;
                say(&told(&kiosks, &book))?;
            }
            Ask::Tap { times, within_ms } => {
                for kiosk in &kiosks {
                    kiosk.tap(times, Duration::from_millis(within_ms));
                }
                say(&Account::default())?;
            }
            Ask::Tell => say(&told(&kiosks, &book))?,
        }
    }
    Ok(())
}

async fn drive(kiosks: &[Rc<Kiosk>], rate: u32, length: Duration, book: &Book) {
    let (began, step) = (now(), Duration::from_secs(1) / rate.max(1));
    let mut sent = 0;
    for (number, kiosk) in (0..).zip(kiosks.iter().cycle()) {
        let due = began + step * number;
        if due >= began + length {
            break;
        }
        // A timer has a grain of a millisecond: what is due within it goes with the first of them.
        if due > now() {
            until(due).await;
        }
        tokio::task::spawn_local(kiosk.clone().driven(due));
        sent += 1;
    }
    let patient = now() + PATIENCE;
    let ended = |account: &Account| account.times.len() + account.behind + account.unanswered + account.wrong;
    while ended(&book.account.borrow()) < sent && now() < patient {
        pause(Duration::from_millis(5)).await;
    }
}

fn told(kiosks: &[Rc<Kiosk>], book: &Book) -> Account {
    let waiting = kiosks.iter().map(|kiosk| kiosk.waiting()).sum();
    Account { waiting, ..book.account.take() }
}

#[expect(clippy::print_stdout, reason = "lines are how this process is spoken with")]
fn say(answer: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(answer)?);
    Ok(())
}
