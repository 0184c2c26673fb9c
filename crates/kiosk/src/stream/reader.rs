//! Reads one stream for as long as somebody listens.
//!
//! Resumes by `Last-Event-ID`, reconnects for ever with full jitter, gives up on a connection that is not
//! answered for 15 s or says nothing for 45 s, begins anew when the machine slept, and fetches snapshots every 5 s
//! while streams keep failing. It knows no event of the trade: merging is its listener's.

use super::parser::{Event, Parsed, Parser};
use super::polling::Polling;
use super::{StreamMessage, StreamState};
use crate::backoff::Backoff;
use crate::client::{CallError, Client};
use millrace_domain::{Chance, Clock};
use millrace_protocol::Cursor;
use serde_json::Value;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// A stream that says nothing for this long is dead: the server's named heartbeat comes every 15 s.
const SILENCE: Duration = Duration::from_secs(45);
/// A server that is there answers at once; what takes longer leads nowhere.
const OPENING: Duration = Duration::from_secs(15);
/// How often the clocks are compared: a machine that slept is noticed within this.
const GLANCE: Duration = Duration::from_secs(2);
/// The wall clock runs ahead of the steady one by more than this when the machine slept, or somebody set it.
const JUMP_MS: i64 = 5_000;
/// So many failures in a row, and snapshots are fetched meanwhile.
const POLL_AFTER: u32 = 3;

/// Which stream, and what to read it with.
#[derive(Debug, Clone)]
pub struct Source {
    /// Whom to ask, with which right.
    pub client: Client,
    /// The stream's path.
    pub path: Arc<str>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for the jitter.
    pub chance: Arc<dyn Chance>,
}

/// A running reader. Dropping it ends the reading.
#[derive(Debug)]
pub struct Reader {
    ended: CancellationToken,
    reconnect: Arc<Notify>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.ended.cancel();
    }
}

impl Reader {
    /// Begins to read into `listener`, until this value is dropped or the listener is gone.
    #[must_use]
    pub fn start(source: Source, listener: mpsc::Sender<StreamMessage>) -> Self {
        let (ended, reconnect) = (CancellationToken::new(), Arc::new(Notify::new()));
        let waking = wakings(source.clock.clone(), reconnect.clone());
        let reading = Reading {
            source,
            listener,
            reconnect: reconnect.clone(),
            backoff: Backoff::default(),
            polling: Polling::default(),
            polled: None,
            last_id: String::new(),
            state: None,
        };
        let until = ended.clone();
        // Owned by this value: it ends with its token.
        tokio::spawn(until.run_until_cancelled_owned(async move {
            tokio::select! {
                () = reading.run() => {}
                () = waking => {}
            }
        }));
        Self { ended, reconnect }
    }

    /// The machine woke up, or the network is another: the connection is worth nothing, make a new one now.
    pub fn reconnect(&self) {
        self.reconnect.notify_one();
    }
}

/// Says so each time the machine has slept: its steady clock stood still meanwhile, and its connections are dead.
async fn wakings(clock: Arc<dyn Clock>, reconnect: Arc<Notify>) {
    let ahead = || {
        let steady = i64::try_from(clock.monotonic().as_millis()).unwrap_or(i64::MAX);
        clock.now().millis().saturating_sub(steady)
    };
    let mut before = ahead();
    loop {
        clock.sleep(GLANCE).await;
        let now = ahead();
        if (now - before).abs() > JUMP_MS {
            reconnect.notify_one();
        }
        before = now;
    }
}

/// Why a connection ended.
enum Cut {
    /// It broke, fell silent, or was never made.
    Broken,
    /// The server asked to come again.
    Rotated,
    /// It is worth nothing any more: this machine slept, or its network is another.
    Woken,
    /// The server refused.
    Refused(CallError),
}

/// Nobody listens any more.
struct Unheard;

struct Reading {
    source: Source,
    listener: mpsc::Sender<StreamMessage>,
    reconnect: Arc<Notify>,
    backoff: Backoff,
    polling: Polling,
    /// Up to where a snapshot that came while this connection was silent has already told everything.
    polled: Option<Cursor>,
    last_id: String,
    state: Option<StreamState>,
}

impl Reading {
    async fn run(mut self) {
        // Ends with the listener; the token is the other end.
        let _: Result<(), Unheard> = self.read_for_ever().await;
    }

    async fn read_for_ever(&mut self) -> Result<(), Unheard> {
        self.turn(StreamState::Connecting).await?;
        loop {
            let wait = match self.connect().await? {
                Cut::Woken => continue,
                // In good order, so what is shown is not in doubt. The server said when; one that says nothing else is
                // asked less and less.
                Cut::Rotated => self.backoff.failed(&*self.source.chance),
                Cut::Broken => {
                    self.doubt().await?;
                    self.backoff.failed(&*self.source.chance)
                }
                Cut::Refused(error) => {
                    self.doubt().await?;
                    self.tell(StreamMessage::Refused { problem: error.problem() }).await?;
                    match error.retry_after() {
                        Some(named) => self.backoff.failed_until(named, &*self.source.chance),
                        None => self.backoff.failed(&*self.source.chance),
                    }
                }
            };
            self.wait(wait).await?;
        }
    }

    /// One connection, from asking to its end.
    async fn connect(&mut self) -> Result<Cut, Unheard> {
        let (clock, client, path) = (self.source.clock.clone(), self.source.client.clone(), self.source.path.clone());
        let cursor = self.last_id.clone();
        let mut asking = pin!(client.stream(&path, Some(cursor.as_str()).filter(|id| !id.is_empty())));
        let mut opening = pin!(clock.sleep(OPENING));
        self.polled = None;
        let asked = loop {
            let failing = self.is_failing();
            tokio::select! {
                asked = &mut asking => break asked,
                () = &mut opening => return Ok(Cut::Broken),
                // A server that does not answer one request may answer another: what is shown must not wait for this one.
                polled = self.polling.next(&self.source), if failing => self.take_polled(polled).await?,
                () = self.listener.closed() => return Err(Unheard),
            }
        };
        let mut response = match asked {
            Ok(response) => response,
            Err(error) if error.is_answer() => return Ok(Cut::Refused(error)),
            Err(error) => {
                tracing::debug!(stream.path = &*path, %error, "no stream");
                return Ok(Cut::Broken);
            }
        };
        let (mut parser, mut parsed) = (Parser::resuming(&cursor), Vec::new());
        let mut deadline = pin!(clock.sleep(SILENCE));
        loop {
            let failing = self.is_failing();
            let chunk = tokio::select! {
                chunk = response.chunk() => chunk,
                () = &mut deadline => return Ok(Cut::Broken),
                // Something in between may keep all events to itself: an answer that says nothing is no stream yet.
                polled = self.polling.next(&self.source), if failing => {
                    self.take_polled(polled).await?;
                    continue;
                }
                () = self.reconnect.notified() => return Ok(Cut::Woken),
                () = self.listener.closed() => return Err(Unheard),
            };
            deadline.set(clock.sleep(SILENCE));
            let Ok(Some(bytes)) = chunk else { return Ok(Cut::Broken) };
            parser.push(&bytes, &mut parsed);
            for piece in parsed.drain(..) {
                match piece {
                    Parsed::Retry(base) => self.backoff.rebase(base),
                    Parsed::Event(event) => {
                        if let ControlFlow::Break(cut) = self.take(event).await? {
                            return Ok(cut);
                        }
                    }
                }
            }
        }
    }

    /// Passes one event on.
    async fn take(&mut self, event: Event) -> Result<ControlFlow<Cut>, Unheard> {
        // An event that can't be read leaves a hole: begin anew, without the cursor that would skip it.
        let Ok(data) = serde_json::from_str::<Value>(&event.data) else {
            tracing::warn!(stream.path = &*self.source.path, event.name, "an event that is no JSON");
            self.last_id.clear();
            return Ok(ControlFlow::Break(Cut::Broken));
        };
        let id = Some(event.last_id.clone()).filter(|id| !id.is_empty() && *id != self.last_id);
        let farewell = (event.name == "goodbye").then(|| data.get("reason").and_then(Value::as_str).map(str::to_owned));
        if farewell.is_none() {
            self.backoff.succeeded();
            self.polling.stop();
            self.turn(StreamState::Live).await?;
        }
        // It began before the snapshot that was fetched meanwhile, and catches up with it.
        if farewell.is_none() && self.is_known(&event.name, &data) {
            return Ok(ControlFlow::Continue(()));
        }
        let received_at = self.source.clock.now();
        self.tell(StreamMessage::Event { name: event.name, id, data, received_at }).await?;
        // Only now: what was not passed on has to come again.
        self.last_id = event.last_id;
        Ok(match farewell {
            None => ControlFlow::Continue(()),
            Some(Some(reason)) if reason == "rotate" => ControlFlow::Break(Cut::Rotated),
            Some(_) => ControlFlow::Break(Cut::Broken),
        })
    }

    /// Whether the snapshot that was fetched meanwhile has told this. Everything begins anew with an `initial` that it
    /// has not, as with one of another history: then it is what counts, with all that follows.
    fn is_known(&mut self, name: &str, data: &Value) -> bool {
        let offset = data.get("offset").and_then(Value::as_u64);
        let is_told = |polled: &Cursor| offset.is_some_and(|offset| offset <= polled.offset);
        if name == "initial" {
            let position = data.get("position").and_then(Value::as_str).and_then(|text| text.parse::<Cursor>().ok());
            self.polled.take_if(|polled| position.is_none_or(|at| at.epoch != polled.epoch) || !is_told(polled));
        }
        self.polled.as_ref().is_some_and(is_told)
    }

    /// Whether snapshots are fetched meanwhile.
    fn is_failing(&self) -> bool {
        self.backoff.failures() >= POLL_AFTER
    }

    /// Waits before the next connection; fetches snapshots meanwhile, where streams keep failing.
    async fn wait(&mut self, wait: Duration) -> Result<(), Unheard> {
        let clock = self.source.clock.clone();
        let mut waiting = pin!(clock.sleep(wait));
        loop {
            let failing = self.is_failing();
            tokio::select! {
                () = &mut waiting => return Ok(()),
                polled = self.polling.next(&self.source), if failing => self.take_polled(polled).await?,
                () = self.reconnect.notified() => return Ok(()),
                () = self.listener.closed() => return Err(Unheard),
            }
        }
    }

    async fn take_polled(&mut self, polled: Result<Value, CallError>) -> Result<(), Unheard> {
        match polled {
            Ok(data) => self.take_snapshot(data).await,
            Err(error) => {
                tracing::debug!(stream.path = &*self.source.path, %error, "no snapshot either");
                self.doubt().await
            }
        }
    }

    async fn take_snapshot(&mut self, data: Value) -> Result<(), Unheard> {
        let position = data.get("position").and_then(Value::as_str).map(str::to_owned);
        self.turn(StreamState::Polling).await?;
        let received_at = self.source.clock.now();
        for data in initials(data) {
            self.tell(StreamMessage::Event { name: "initial".into(), id: position.clone(), data, received_at }).await?;
        }
        // The stream goes on from the snapshot.
        self.polled = position.as_ref().and_then(|position| position.parse().ok());
        self.last_id = position.unwrap_or_default();
        Ok(())
    }

    /// What is shown may be old from now on.
    async fn doubt(&mut self) -> Result<(), Unheard> {
        self.turn(StreamState::Stale).await
    }

    async fn turn(&mut self, state: StreamState) -> Result<(), Unheard> {
        if self.state.replace(state) == Some(state) {
            return Ok(());
        }
        self.tell(StreamMessage::State { state, since: self.source.clock.now() }).await
    }

    async fn tell(&mut self, message: StreamMessage) -> Result<(), Unheard> {
        self.listener.send(message).await.map_err(|_| Unheard)
    }
}

/// The data of the `initial`s that a snapshot stands for: one, or one for each topic.
fn initials(mut snapshot: Value) -> Vec<Value> {
    let Some(Value::Array(topics)) = snapshot.as_object_mut().and_then(|members| members.remove("topics")) else {
        return vec![snapshot];
    };
    let with_all = |topic: Value| match (snapshot.clone(), topic) {
        (Value::Object(mut all), Value::Object(members)) => {
            all.extend(members);
            Value::Object(all)
        }
        (_, topic) => topic,
    };
    topics.into_iter().map(with_all).collect()
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
