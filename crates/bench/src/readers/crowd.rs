//! The readers' process itself (`millrace-bench readers`, told on stdin what to do).

use super::stream::Decoder;
use super::wire::{Account, Comeback, Opened, Order, Question};
use crate::time::{now, pause, wall};
use anyhow::{Context, bail};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// Between two attempts of a reader that comes back at once.
const AGAIN: Duration = Duration::from_millis(20);
/// Between two looks at how far the readers are.
const LOOK: Duration = Duration::from_millis(20);
/// How much is read at once.
const PART: usize = 64 * 1024;
/// The longest head of an answer.
const HEAD: usize = 8 * 1024;

/// What one reader has seen.
#[derive(Debug, Default)]
struct Seen {
    walk: Vec<i64>,
    at: Vec<i64>,
    cursor: Option<String>,
    back: Vec<i64>,
    anew: usize,
    refused: usize,
    connected: bool,
}

impl Seen {
    fn position(&self) -> u64 {
        self.walk.last().map_or(0, |step| step.unsigned_abs())
    }
}

/// What they have in common.
#[derive(Debug)]
struct Common {
    order: Order,
    /// Readers that have had their first `initial`.
    open: Cell<usize>,
    opened: Notify,
    example: RefCell<String>,
}

/// Reads what the first line of stdin says, answers questions, and ends with stdin.
///
/// # Errors
/// When a line can't be understood, or the first connections can't be had.
pub(crate) fn run() -> anyhow::Result<()> {
    // One thread: more of them would only take turns with the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, serve())
}

async fn serve() -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let order: Order = serde_json::from_str(&lines.next_line().await?.context("nothing to do")?)?;
    let began = now();
    let readers = order.readers;
    let common = Rc::new(Common { order, open: Cell::new(0), opened: Notify::new(), example: RefCell::default() });
    let crowd: Vec<Rc<RefCell<Seen>>> = (0..readers).map(|_| Rc::default()).collect();
    for (number, seen) in crowd.iter().enumerate() {
        tokio::task::spawn_local(read(common.clone(), seen.clone(), number as u64));
    }
    while common.open.get() < readers {
        common.opened.notified().await;
    }
    say(&Opened { took_ms: began.elapsed().as_secs_f64() * 1_000.0 })?;
    while let Some(line) = lines.next_line().await? {
        let question: Question = serde_json::from_str(&line)?;
        wait(&crowd, question).await;
        say(&account(&crowd, question, &common))?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "lines are how this process is spoken with")]
fn say(answer: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(answer)?);
    Ok(())
}

/// One reader, for as long as it comes back.
async fn read(common: Rc<Common>, seen: Rc<RefCell<Seen>>, number: u64) {
    let mut failures = 0;
    loop {
        // Why a connection ended does not matter here: what was not read by it shows.
        let _ended = connection(&common, &seen).await;
        if std::mem::take(&mut seen.borrow_mut().connected) {
            failures = 0;
        } else {
            seen.borrow_mut().refused += 1;
        }
        match common.order.comeback {
            Comeback::AtOnce if failures == 0 => {}
            Comeback::AtOnce => pause(AGAIN).await,
            Comeback::AsClients => pause(backoff(failures, number)).await,
        }
        failures += 1;
    }
}

/// As `crates/kiosk` waits: between a second and a ceiling that doubles, drawn evenly.
fn backoff(failures: u32, number: u64) -> Duration {
    let ceiling = Duration::from_secs(2 << failures.min(4)).min(Duration::from_secs(30));
    let span = ceiling.as_millis() as u64 - 1_000;
    // Drawn without a generator: multiples of the golden ratio lie evenly.
    let drawn = (number + u64::from(failures) * 7_919).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    Duration::from_millis(1_000 + drawn * span / (1 << 32))
}

async fn connection(common: &Common, seen: &RefCell<Seen>) -> anyhow::Result<()> {
    let order = &common.order;
    let mut socket = TcpStream::connect(&order.address).await?;
    let mut request =
        format!("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n", order.path, order.address);
    if !order.token.is_empty() {
        request.push_str(&format!("Authorization: Bearer {}\r\n", order.token));
    }
    if let Some(cursor) = &seen.borrow().cursor {
        request.push_str(&format!("Last-Event-ID: {cursor}\r\n"));
    }
    request.push_str("\r\n");
    socket.write_all(request.as_bytes()).await?;

    let mut part = vec![0; HEAD];
    let mut filled = 0;
    let body = loop {
        let read = socket.read(&mut part[filled..]).await?;
        filled += read;
        if let Some(end) = part[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if read == 0 || filled == HEAD {
            bail!("no head of an answer");
        }
    };
    if !part.starts_with(b"HTTP/1.1 200") {
        bail!("{}", String::from_utf8_lossy(&part[..filled]));
    }
    {
        let mut seen = seen.borrow_mut();
        seen.connected = true;
        if !seen.walk.is_empty() {
            seen.back.push(wall());
        }
    }
    let mut decoder = Decoder::new();
    let mut goes_on = decoder.feed(&part[body..filled], |block, text| common.take(seen, block, text))?;
    // A large part only while there is something to read: a thousand of them would be 64 MB.
    drop(part);
    while goes_on {
        socket.readable().await?;
        goes_on = PART_OF_ALL.with_borrow_mut(|part| match socket.try_read(part) {
            Ok(0) => Ok(false),
            Ok(read) => decoder.feed(&part[..read], |block, text| common.take(seen, block, text)),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error.into()),
        })?;
    }
    Ok(())
}

thread_local! {
    /// Where bytes are read into: one for all, as they take turns.
    static PART_OF_ALL: RefCell<Vec<u8>> = RefCell::new(vec![0; PART]);
}

impl Common {
    fn take(&self, seen: &RefCell<Seen>, block: super::stream::Block<'_>, text: &[u8]) {
        let (Some(cursor), Some(offset)) = (block.id, block.offset()) else { return };
        let step = i64::try_from(offset).unwrap_or(i64::MAX);
        let mut seen = seen.borrow_mut();
        match block.event {
            b"initial" => {
                if seen.walk.is_empty() {
                    self.open.set(self.open.get() + 1);
                    self.opened.notify_one();
                } else {
                    seen.anew += 1;
                }
                seen.walk.push(-step);
                seen.at.push(wall());
            }
            b"insert" | b"update" | b"delete" => {
                seen.walk.push(step);
                seen.at.push(wall());
                if self.example.borrow().is_empty() {
                    self.example.replace(String::from_utf8_lossy(text).into_owned());
                }
            }
            _ => {}
        }
        match &mut seen.cursor {
            Some(known) => {
                known.clear();
                known.push_str(cursor);
            }
            none @ None => *none = Some(cursor.to_owned()),
        }
    }
}

async fn wait(crowd: &[Rc<RefCell<Seen>>], question: Question) {
    let until = now() + Duration::from_millis(question.patience_ms);
    while now() < until && crowd.iter().any(|seen| seen.borrow().position() < question.upto) {
        pause(LOOK).await;
    }
}

fn account(crowd: &[Rc<RefCell<Seen>>], question: Question, common: &Common) -> Account {
    let mut walks: HashMap<Vec<i64>, usize> = HashMap::new();
    let mut account = Account {
        walks: Vec::new(),
        samples: Vec::new(),
        back: Vec::new(),
        reached: Vec::new(),
        anew: 0,
        refused: 0,
        example: common.example.borrow().clone(),
    };
    // Evenly among those who came first and those who came last.
    let every = crowd.len().div_ceil(question.sampled.max(1)).max(1);
    for (number, seen) in crowd.iter().enumerate() {
        let seen = seen.borrow();
        let steps = || seen.walk.iter().zip(&seen.at);
        if number % every == every / 2 {
            let arrivals = steps().filter(|(step, _)| **step > 0).map(|(step, at)| (step.unsigned_abs(), *at));
            account.samples.push(arrivals.collect());
        }
        account.back.extend(&seen.back);
        account.reached.extend(steps().find(|(step, _)| step.unsigned_abs() >= question.reached).map(|(_, at)| *at));
        account.anew += seen.anew;
        account.refused += seen.refused;
        if let Some(known) = walks.get_mut(&seen.walk) {
            *known += 1;
        } else {
            walks.insert(seen.walk.clone(), 1);
        }
    }
    account.walks = walks.into_iter().collect();
    account
}
