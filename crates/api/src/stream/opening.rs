//! How a stream begins.

use super::answer;
use super::ask::{Ask, From};
use super::capacity::{Place, Right};
use super::distributor::Distributor;
use super::frame;
use super::line::Line;
use super::page::{self, Page};
use super::reader::Reader;
use super::snapshot::Built;
use super::view::TopicKey;
use axum::body::Body;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use millrace_domain::storage::{Result, StorageError};
use millrace_protocol::Cursor;
use millrace_protocol::stream::{GoodbyeReason, InitialReason};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Between which milliseconds a reader is asked to come back.
pub(super) const RETRY: (u64, u64) = (1_000, 3_000);

/// How often snapshots of several topics are taken until they meet at one position.
const TRIES: u32 = 20;

/// A topic that is asked for, and what the connection calls it where it reads several.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The topic.
    pub key: TopicKey,
    /// Its name on the connection.
    pub name: Option<String>,
}

/// Where a reader begins.
enum Start {
    /// The rings have everything after this offset.
    Ring(u64),
    /// The log has these; the rest is in the rings, or again in the log.
    Log { pieces: Vec<Bytes>, upto: u64 },
    /// With everything anew.
    Fresh(Option<InitialReason>),
}

impl Distributor {
    /// See [`super::Hub::respond`].
    pub(super) async fn respond(self: &Arc<Self>, wanted: Vec<Wanted>, ask: Ask) -> Response {
        let answer = if ask.snapshot {
            self.snapshot(wanted).await.map(answer::json)
        } else {
            self.stream(wanted, ask.clone()).await
        };
        answer.unwrap_or_else(|error| {
            tracing::error!(%error, "a stream could not begin");
            self.unavailable(&ask)
        })
    }

    /// See [`super::Hub::unavailable`].
    pub(super) fn unavailable(&self, ask: &Ask) -> Response {
        if ask.snapshot {
            return answer::unavailable();
        }
        answer::events(self.only_goodbye(GoodbyeReason::Unavailable))
    }

    async fn snapshot(self: &Arc<Self>, wanted: Vec<Wanted>) -> Result<Bytes> {
        let now = self.settled().await;
        if let [Wanted { key, name: None }] = &wanted[..] {
            let topic = self.topic(key);
            let built = topic.shelf.get_now(&topic, self, now).await?;
            // Where it is older, nothing happened since.
            let position = built.offset.max(now);
            self.know(position);
            return Ok(built.json(&frame::initial_head(&self.cursor(position), None, self.clock.now())));
        }
        let lines = self.sit(wanted, &Arc::new(Right::new(Vec::new(), now)));
        let Some((position, built)) = self.at_one_position(&lines, Some(now)).await? else {
            return Err(StorageError::Unavailable("the floor moves too fast".into()));
        };
        let head = frame::initial_head(&self.cursor(position), None, self.clock.now());
        let mut json = BytesMut::from(head.as_bytes());
        json.extend_from_slice(b",\"topics\":[");
        for (index, (line, built)) in lines.iter().zip(&built).enumerate() {
            json.extend_from_slice(if index == 0 { b"" } else { b"," });
            json.extend_from_slice(&built.json(&frame::named(&head, line.name.as_deref())));
        }
        json.extend_from_slice(b"]}");
        Ok(json.freeze())
    }

    async fn stream(self: &Arc<Self>, wanted: Vec<Wanted>, ask: Ask) -> Result<Response> {
        let right = Arc::new(Right::new(ask.holders.clone(), ask.since));
        let body = match self.capacity.take(&right) {
            _ if self.is_closing() => self.only_goodbye(GoodbyeReason::Shutdown),
            None => self.only_goodbye(GoodbyeReason::Busy),
            Some(place) => match self.reader(wanted, &ask, place).await? {
                Some(reader) => Body::new(reader.on(ask.fate)),
                None => self.only_goodbye(GoodbyeReason::Behind),
            },
        };
        Ok(answer::events(body))
    }

    fn only_goodbye(&self, reason: GoodbyeReason) -> Body {
        Body::from(frame::goodbye(reason, self.jitter.millis(RETRY.0, RETRY.1)))
    }

    /// Takes a seat at each topic.
    fn sit(&self, wanted: Vec<Wanted>, right: &Arc<Right>) -> Arc<[Line]> {
        let line = |Wanted { key, name }: Wanted| {
            let name = name.map(|name| frame::json(&name).into_boxed_str());
            Line { seat: self.topic(&key).sit(right.clone()), name }
        };
        wanted.into_iter().map(line).collect()
    }

    /// A reader; none where snapshots of its topics could not be had at one position.
    async fn reader(self: &Arc<Self>, wanted: Vec<Wanted>, ask: &Ask, place: Place) -> Result<Option<Reader>> {
        // Live first. From here on events are kept for this reader or known to be lost; only then is looked back.
        let lines = self.sit(wanted, place.right());
        // Its right may have ended after it was checked and before it sat down.
        if self.ended_after(ask.since, &ask.holders) {
            place.right().end();
            return Ok(Some(Reader::new(self.clone(), lines, place, self.head(), Vec::new(), None)));
        }
        let mut ahead = vec![frame::retry(self.jitter.millis(RETRY.0, RETRY.1))];
        let resumed_at = match self.start(&lines, &ask.from).await? {
            Start::Ring(position) => position,
            Start::Log { pieces, upto } => {
                ahead.extend(pieces);
                upto
            }
            Start::Fresh(reason) => {
                let Some((position, built)) = self.at_one_position(&lines, None).await? else { return Ok(None) };
                self.begin(&mut ahead, &lines, &built, &self.cursor(position), reason);
                return Ok(Some(Reader::new(self.clone(), lines, place, position, ahead, ask.expires_at)));
            }
        };
        Ok(Some(Reader::new(self.clone(), lines, place, resumed_at, ahead, ask.expires_at).resumed()))
    }

    /// Puts `initial` of each topic ahead. The large part is shared by all who begin here.
    fn begin(
        &self,
        ahead: &mut Vec<Bytes>,
        lines: &[Line],
        built: &[Arc<Built>],
        position: &Cursor,
        reason: Option<InitialReason>,
    ) {
        let head = frame::initial_head(position, reason, self.clock.now());
        for (index, (line, built)) in lines.iter().zip(built).enumerate() {
            let id = (index + 1 == lines.len()).then_some(position);
            ahead.extend([frame::initial(id, &frame::named(&head, line.name.as_deref())), built.rest()]);
        }
    }

    /// A snapshot of each topic, all true at one position. A snapshot from before that position is as true there, if
    /// nothing happened in its topic since; otherwise it is taken from there on. With `now`, none is older than that.
    async fn at_one_position(&self, lines: &[Line], now: Option<u64>) -> Result<Option<(u64, Vec<Arc<Built>>)>> {
        let mut built: Vec<Arc<Built>> = Vec::with_capacity(lines.len());
        for line in lines {
            let topic = &line.seat.topic;
            built.push(match now {
                Some(now) => topic.shelf.get_now(topic, self, now).await?,
                None => topic.shelf.get(topic, self).await?,
            });
        }
        for _ in 0..TRIES {
            let position = built.iter().map(|built| built.offset).chain(now).max().unwrap_or_default();
            self.know(position);
            if built.iter().all(|built| built.offset == position) {
                return Ok(Some((position, built)));
            }
            self.reached(position).await;
            let mut met = true;
            for (line, built) in lines.iter().zip(&mut built) {
                let topic = &line.seat.topic;
                if built.offset < position && !topic.quiet(built.offset, position) {
                    *built = topic.shelf.get_at(topic, self, position).await?;
                    met &= built.offset == position;
                }
            }
            if met {
                return Ok(Some((position, built)));
            }
        }
        Ok(None)
    }

    async fn start(self: &Arc<Self>, lines: &Arc<[Line]>, from: &From) -> Result<Start> {
        let cursor = match from {
            From::Start => return Ok(Start::Fresh(None)),
            From::Nonsense => return Ok(Start::Fresh(Some(InitialReason::Epoch))),
            From::Cursor(cursor) => cursor,
        };
        if cursor.epoch != self.epoch || !self.has_reached(cursor.offset).await? {
            return Ok(Start::Fresh(Some(InitialReason::Epoch)));
        }
        if lines.iter().all(|line| line.seat.topic.covers(cursor.offset)) {
            return Ok(Start::Ring(cursor.offset));
        }
        if cursor.offset < self.floor.load(Ordering::Acquire) {
            return Ok(Start::Fresh(Some(InitialReason::TooOld)));
        }
        let replays = lines.iter().all(|line| line.seat.topic.replays());
        if !replays || self.head().saturating_sub(cursor.offset) > self.settings.replay_most {
            return Ok(Start::Fresh(Some(InitialReason::Behind)));
        }
        Ok(match page::read(self.clone(), lines.clone(), cursor.offset).await? {
            Page::Read { pieces, upto } => Start::Log { pieces, upto },
            Page::Hole => Start::Fresh(Some(InitialReason::TooOld)),
        })
    }

    /// Whether the log has come this far. Another node may have been ahead of this one, so the log itself is asked.
    async fn has_reached(&self, offset: u64) -> Result<bool> {
        if offset <= self.know(0) {
            return Ok(true);
        }
        let position = self.log.position().await?;
        Ok(offset <= self.know(position.offset))
    }
}
