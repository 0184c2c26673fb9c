//! One kiosk: its stream, its heart and its outbox, each a task, with the engine's own pauses.

use super::http::{Line, post};
use super::wire::{Account, Member};
use crate::time::{now, pause, until, wall};
use anyhow::bail;
use millrace_domain::SystemChance;
use millrace_kiosk::backoff::{BASE, Backoff, jittered, up_to};
use millrace_protocol::action::StatusChangeRequest;
use millrace_protocol::session::{HeartbeatAnswer, HeartbeatRequest};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// As the engine's: the longest wait after a heartbeat that was not answered.
const HEART: Duration = Duration::from_secs(15);
/// The shortest part of a stream's beginning that says that it has one.
const INITIAL: &[u8] = b"event: initial";

/// What all of them write down.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) account: RefCell<Account>,
    pub(super) opened: Cell<usize>,
    pub(super) changed: Notify,
}

impl Book {
    fn count(&self, of: impl FnOnce(&mut Account) -> &mut std::collections::BTreeMap<i64, usize>) {
        *of(&mut self.account.borrow_mut()).entry(wall().div_euclid(1_000_000)).or_default() += 1;
    }

    fn wrong(&self, said: String) {
        let mut account = self.account.borrow_mut();
        account.wrong += 1;
        account.first_wrong.get_or_insert(said);
    }

    pub(super) fn opened(&self) {
        self.opened.set(self.opened.get() + 1);
        self.changed.notify_one();
    }
}

#[derive(Debug)]
pub(super) struct Kiosk {
    address: String,
    pub(super) member: Member,
    book: Rc<Book>,
    seq: Cell<u64>,
    outbox: RefCell<VecDeque<Vec<u8>>>,
    online: Cell<bool>,
    heart: Notify,
    sender: Notify,
    /// Its connection was lost, and no heartbeat was answered since.
    silent: Cell<bool>,
    /// For the heartbeats that it is told to send.
    driven: RefCell<Option<Line>>,
}

impl Kiosk {
    pub(super) fn new(address: &str, member: Member, book: Rc<Book>) -> Rc<Self> {
        Rc::new(Self {
            address: address.to_owned(),
            seq: Cell::new(member.seq),
            member,
            book,
            outbox: RefCell::default(),
            online: Cell::new(false),
            heart: Notify::new(),
            sender: Notify::new(),
            silent: Cell::new(false),
            driven: RefCell::new(Some(Line::to(address))),
        })
    }

    /// Begins to live; its first heartbeat comes within an interval.
    pub(super) fn live(self: &Rc<Self>) {
        tokio::task::spawn_local(self.clone().stream());
        tokio::task::spawn_local(self.clone().beat());
        tokio::task::spawn_local(self.clone().send());
    }

    pub(super) fn waiting(&self) -> usize {
        self.outbox.borrow().len()
    }

    /// The server was heard: what waits for that goes at once.
    fn heard(&self) {
        if !self.online.replace(true) {
            self.heart.notify_one();
            self.sender.notify_one();
        }
    }

    fn lost(&self) {
        if self.online.replace(false) {
            self.silent.set(true);
        }
    }

    async fn stream(self: Rc<Self>) {
        let (mut backoff, mut first) = (Backoff::default(), true);
        loop {
            // Why it ended does not matter: it comes again.
            let _ended = self.connected(&mut backoff, &mut first).await;
            // As the engine's: a stream that is gone is a reason to ask.
            self.lost();
            self.heart.notify_one();
            pause(backoff.failed(&SystemChance)).await;
        }
    }

    async fn connected(&self, backoff: &mut Backoff, first: &mut bool) -> anyhow::Result<()> {
        let mut socket = TcpStream::connect(&self.address).await?;
        let request = format!(
            "GET /api/kiosk/stream HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: text/event-stream\r\n\r\n",
            self.address, self.member.token
        );
        socket.write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.windows(INITIAL.len()).any(|part| part == INITIAL) {
            if socket.read_buf(&mut head).await? == 0 || head.len() > 64 * 1024 {
                bail!("no stream");
            }
        }
        drop(head);
        backoff.succeeded();
        if std::mem::take(first) {
            self.book.opened();
        } else {
            self.book.account.borrow_mut().streams_back.push(wall());
        }
        self.heard();
        loop {
            // What it says is of no interest here, and thousands wait: a small part on the stack.
            socket.readable().await?;
            match socket.try_read(&mut [0; 1_024]) {
                Ok(0) => bail!("it ended"),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn beat(self: Rc<Self>) {
        let mut line = Line::to(&self.address);
        let mut backoff = Backoff::new(BASE, HEART);
        // Kiosks that began together drift apart in time; here there is none for that.
        let mut due = now() + up_to(HEART, &SystemChance);
        let mut named = None;
        loop {
            tokio::select! {
                () = until(due) => {}
                () = self.heart.notified() => {}
            }
            let wait = match self.beat_once(&mut line, &mut named).await {
                Some(next) => {
                    backoff.succeeded();
                    jittered(next, &SystemChance)
                }
                None => match named.take() {
                    Some(named) => backoff.failed_until(named, &SystemChance),
                    None => backoff.failed(&SystemChance),
                },
            };
            due = now() + wait;
        }
    }

    /// One heartbeat. When the next is due, where it was the owner's; else perhaps when the server wants to be asked.
    async fn beat_once(&self, line: &mut Line, named: &mut Option<Duration>) -> Option<Duration> {
        let Ok(answer) = line.send(&self.heartbeat()).await else {
            self.book.account.borrow_mut().unanswered += 1;
            self.lost();
            return None;
        };
        match (answer.status, serde_json::from_str::<HeartbeatAnswer>(&answer.body)) {
            (200, Ok(heard)) => {
                self.book.count(|account| &mut account.hearts);
                if self.silent.take() {
                    self.book.account.borrow_mut().hearts_back.push(wall());
                }
                self.online.set(true);
                self.sender.notify_one();
                Some(Duration::from_millis(heard.lease.next_ms))
            }
            (503, _) => {
                self.book.count(|account| &mut account.busy);
                *named = answer.retry_after;
                None
            }
            (status, _) => {
                self.book.wrong(format!("heartbeat: {status} {}", answer.body));
                None
            }
        }
    }

    fn heartbeat(&self) -> Vec<u8> {
        let request = HeartbeatRequest {
            session_id: self.member.session,
            instance_id: self.member.instance,
            epoch: Some(self.member.epoch),
            closing: false,
        };
        let body = serde_json::to_string(&request).unwrap_or_default();
        post(&self.address, "/api/sessions/heartbeat", &self.member.token, &body)
    }

    /// Taps so often, at moments drawn from the time that comes.
    pub(super) fn tap(self: &Rc<Self>, times: usize, within: Duration) {
        let mut moments: Vec<_> = (0..times).map(|_| now() + up_to(within, &SystemChance)).collect();
        moments.sort_unstable();
        let kiosk = self.clone();
        tokio::task::spawn_local(async move {
            for moment in moments {
                until(moment).await;
                kiosk.tap_now();
            }
        });
    }

    fn tap_now(&self) {
        self.seq.set(self.seq.get() + 1);
        let seq = self.seq.get();
        let many = self.member.statuses.len().max(1);
        let next = usize::try_from(seq).unwrap_or_default() % many;
        let Some(status) = self.member.statuses.get(next).copied() else { return };
        let change = StatusChangeRequest {
            session_id: self.member.session,
            status_definition_id: status,
            reason_id: None,
            quantities: None,
            report: None,
            note: None,
            action: crate::kiosk::stamp(seq, self.member.instance, self.member.epoch),
        };
        let body = serde_json::to_string(&change).unwrap_or_default();
        self.outbox.borrow_mut().push_back(post(&self.address, "/api/status-events", &self.member.token, &body));
        if self.online.get() {
            self.sender.notify_one();
        }
    }

    async fn send(self: Rc<Self>) {
        let mut line = Line::to(&self.address);
        let mut backoff = Backoff::default();
        loop {
            let Some(entry) = self.outbox.borrow().front().cloned() else {
                self.sender.notified().await;
                continue;
            };
            let answer = line.send(&entry).await;
            let wait = match answer {
                Ok(answer) if matches!(answer.status, 200 | 201) => {
                    self.outbox.borrow_mut().pop_front();
                    self.book.count(|account| &mut account.acts);
                    self.book.account.borrow_mut().drained = wall();
                    backoff.succeeded();
                    continue;
                }
                Ok(answer) if answer.status == 503 => {
                    self.book.count(|account| &mut account.busy);
                    // It was heard, and has named a time: nothing hurries it.
                    let wait = backoff.failed_until(answer.retry_after.unwrap_or(BASE), &SystemChance);
                    pause(wait).await;
                    continue;
                }
                Ok(answer) => {
                    self.book.wrong(format!("action: {} {}", answer.status, answer.body));
                    backoff.failed(&SystemChance)
                }
                Err(_) => {
                    self.book.account.borrow_mut().unanswered += 1;
                    self.lost();
                    backoff.failed(&SystemChance)
                }
            };
            tokio::select! {
                () = pause(wait) => {}
                () = self.sender.notified() => backoff.succeeded(),
            }
        }
    }

    /// Makes the connection for heartbeats that it is told to send.
    pub(super) async fn ready(self: Rc<Self>) {
        let Some(mut line) = self.driven.take() else { return };
        if line.connect().await.is_ok() {
            self.book.opened();
        }
        self.driven.replace(Some(line));
    }

    /// A heartbeat that was due then. Not sent where the one before is still under way.
    pub(super) async fn driven(self: Rc<Self>, due: std::time::Instant) {
        let Some(mut line) = self.driven.take() else {
            self.book.account.borrow_mut().behind += 1;
            return;
        };
        match line.send(&self.heartbeat()).await {
            Ok(answer) if answer.status == 200 => {
                let took = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
                self.book.account.borrow_mut().times.push(took);
            }
            Ok(answer) => self.book.wrong(format!("heartbeat: {} {}", answer.status, answer.body)),
            Err(_) => self.book.account.borrow_mut().unanswered += 1,
        }
        self.driven.replace(Some(line));
    }
}
