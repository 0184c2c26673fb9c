//! Inside the hub: takes committed changes and gives each to the topics it concerns.

use super::budget::Budget;
use super::capacity::Capacity;
use super::drawing::{Drawings, Told};
use super::fresh::Fresh;
use super::jitter::Jitter;
use super::newest::Newest;
use super::page::Pages;
use super::picture::{Moved, Picture};
use super::ring::Ring;
use super::settings::StreamSettings;
use super::topic::{Kept, Topic};
use super::trail::Trail;
use super::view::{Pipeline, Shown, Taken, TopicKey};
use millrace_domain::change::{Change, Holder, Row};
use millrace_domain::storage::{ChangeLog, Commits, Committed, Result};
use millrace_domain::{Clock, SystemChance};
use millrace_protocol::{Cursor, KioskId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How often the hub looks for readers whose time has come: heartbeats, rotation and expiry are this exact.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// For how long an ended right is remembered: a request that was let in just before, by what was believed of it for ten
/// seconds, must still find it.
const ENDED_FOR: Duration = Duration::from_secs(20);

/// How many batches are published with one wake.
const BATCHES: usize = 64;

/// All streams of one server.
pub(super) struct Distributor {
    pub(super) log: Arc<dyn ChangeLog>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: StreamSettings,
    pub(super) epoch: String,
    pub(super) capacity: Arc<Capacity>,
    pub(super) jitter: Jitter,
    /// What was read of the log last.
    pub(super) pages: tokio::sync::Mutex<Pages>,
    pub(super) shutdown: CancellationToken,
    /// Changes after this offset are still in the log.
    pub(super) floor: AtomicU64,
    closing: AtomicBool,
    head: AtomicU64,
    /// The highest offset that is known to exist; snapshots may be ahead of the head.
    known: AtomicU64,
    /// How far the storage has handed changes over: what anybody was told is in there.
    committed: Committed,
    budget: Arc<Budget>,
    /// Kiosks whose connection was given up because they had long been silent.
    lost: Mutex<HashSet<KioskId>>,
    /// Rung when there are some.
    pub(super) losing: Notify,
    /// Rung when the head has moved.
    moved: Notify,
    routes: Mutex<Routes>,
}

/// What the trail means to a topic that is being made.
#[derive(Default)]
struct Past {
    frames: Vec<(u64, bytes::Bytes)>,
    upto: u64,
}

/// Marks a pipeline in which something moved.
fn stain(topic: &Topic, pipeline: Pipeline, picture: &Picture, moved: &Moved) {
    if !moved.is_none() && pipeline.shows(picture, moved) {
        let items = moved.jobs.iter().any(|(id, _)| pipeline.job.is_none_or(|job| job == *id));
        topic.stain(picture.at(), items);
    }
}

struct Routes {
    /// Topics that a change names.
    topics: HashMap<TopicKey, Arc<Topic>>,
    /// Topics that look at every change themselves.
    broad: HashMap<TopicKey, Arc<Topic>>,
    picture: Picture,
    drawings: Drawings,
    trail: Trail,
    ended: VecDeque<Ended>,
}

/// A right that ended.
struct Ended {
    at: Duration,
    offset: u64,
    holder: Holder,
}

impl Routes {
    fn all(&self) -> impl Iterator<Item = &Arc<Topic>> {
        self.topics.values().chain(self.broad.values())
    }
}

impl std::fmt::Debug for Distributor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Distributor").field("epoch", &self.epoch).field("head", &self.head()).finish_non_exhaustive()
    }
}

impl Distributor {
    /// See [`super::Hub::open`].
    pub(super) async fn open(
        log: Arc<dyn ChangeLog>,
        committed: Committed,
        clock: Arc<dyn Clock>,
        settings: StreamSettings,
        shutdown: CancellationToken,
    ) -> Result<Arc<Self>> {
        let budget = Budget::new(settings.kept_bytes);
        let position = log.position().await?;
        let past = u64::try_from(settings.trail).unwrap_or(u64::MAX);
        let since = position.floor.max(position.offset.saturating_sub(past));
        let mut routes = Routes {
            topics: HashMap::new(),
            broad: HashMap::new(),
            picture: Picture::new(log.floor().await?),
            drawings: Drawings::new(budget.clone()),
            trail: Trail::new(since, settings.trail),
            ended: VecDeque::new(),
        };
        let mut head = since;
        while head < position.offset {
            let page = log.changes_after(head, settings.page).await?;
            if page.is_empty() {
                break;
            }
            for change in page {
                if change.offset != head + 1 {
                    routes.trail.reset(change.offset - 1);
                }
                head = change.offset;
                routes.trail.push(Arc::new(Fresh::new(change)));
            }
        }
        if head < position.offset {
            head = position.offset;
            routes.trail.reset(head);
        }
        let hub = Self {
            capacity: Arc::new(Capacity::new(settings.most, settings.most_per_holder)),
            jitter: Jitter::new(&SystemChance),
            pages: tokio::sync::Mutex::default(),
            epoch: position.epoch,
            closing: AtomicBool::new(shutdown.is_cancelled()),
            head: AtomicU64::new(head),
            floor: AtomicU64::new(position.floor),
            known: AtomicU64::new(head),
            committed,
            budget,
            lost: Mutex::default(),
            losing: Notify::new(),
            moved: Notify::new(),
            routes: Mutex::new(routes),
            log,
            clock,
            settings,
            shutdown,
        };
        for key in TopicKey::STANDING {
            hub.topic(&key);
        }
        Ok(Arc::new(hub))
    }

    /// See [`super::Hub::run`].
    pub(super) async fn run(self: Arc<Self>, mut commits: Commits) {
        let mut tick = self.clock.sleep(TICK);
        let mut batches = Vec::new();
        let mut redraw: Option<Pin<Box<dyn Future<Output = ()> + Send>>> = None;
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => break,
                () = &mut tick => {
                    self.look_at_the_clock();
                    tick = self.clock.sleep(TICK);
                }
                () = async { if let Some(redraw) = &mut redraw { redraw.await } }, if redraw.is_some() => {
                    redraw = None;
                    self.draw_what_waits();
                }
                count = commits.take(&mut batches, BATCHES) => {
                    if count == 0 {
                        break;
                    }
                    self.publish(batches.drain(..).flatten().collect()).await;
                }
            }
            if redraw.is_none()
                && let Some(due) = self.drawing_due()
            {
                redraw = Some(self.clock.sleep(due.saturating_sub(self.clock.monotonic())));
            }
        }
        self.closing.store(true, Ordering::Release);
        for topic in self.topics() {
            topic.wake();
        }
    }

    /// The last offset whose events have been handed to their topics.
    pub(super) fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// A position in this log.
    pub(super) fn cursor(&self, offset: u64) -> Cursor {
        Cursor { epoch: self.epoch.clone(), offset }
    }

    /// Whether all streams are to end.
    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Whether one of these rights ended a moment ago, after this offset.
    pub(super) fn ended_after(&self, since: u64, holders: &[Holder]) -> bool {
        self.routes().ended.iter().any(|ended| ended.offset > since && holders.contains(&ended.holder))
    }

    /// How far the log had come when this was called, all of it published: whatever right had ended by then is known to
    /// have, and whoever looks a right up from here on finds the ones after it.
    pub(super) async fn settled(&self) -> u64 {
        let offset = self.committed.offset();
        self.reached(offset).await;
        offset
    }

    /// Remembers that the log has come this far at least.
    pub(super) fn know(&self, offset: u64) -> u64 {
        self.known.fetch_max(offset, Ordering::AcqRel).max(offset).max(self.head())
    }

    /// Waits until what the log had at this offset is published, or everything ends.
    pub(super) async fn reached(&self, offset: u64) {
        loop {
            let mut moved = std::pin::pin!(self.moved.notified());
            moved.as_mut().enable();
            if self.head() >= offset || self.is_closing() {
                return;
            }
            tokio::select! {
                () = moved => {}
                () = self.shutdown.cancelled() => return,
            }
        }
    }

    /// Looks at the picture, while nothing moves in it. Whatever anybody was told before this call is in it.
    pub(super) async fn pictured<T>(&self, look: impl FnOnce(&Picture) -> T) -> T {
        self.settled().await;
        self.glance(look)
    }

    /// Looks at the picture as it is at this moment.
    pub(super) fn glance<T>(&self, look: impl FnOnce(&Picture) -> T) -> T {
        look(&self.routes().picture)
    }

    /// What a pipeline shows.
    pub(super) async fn drawn(&self, pipeline: Pipeline) -> Taken {
        self.settled().await;
        let mut routes = self.routes();
        let Routes { picture, drawings, .. } = &mut *routes;
        Taken { offset: picture.at(), rest: drawings.of(pipeline, picture).whole() }
    }

    fn move_head(&self, offset: u64) {
        self.head.store(offset, Ordering::Release);
        self.moved.notify_waiters();
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These kiosks were lost with their connection.
    pub(super) fn lost(&self, kiosks: impl Iterator<Item = KioskId>) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.extend(kiosks);
        if !lost.is_empty() {
            self.losing.notify_one();
        }
    }

    /// The kiosks that were lost since this was asked.
    pub(super) fn take_lost(&self) -> HashSet<KioskId> {
        std::mem::take(&mut *self.lost.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The kiosks whose own stream is connected.
    pub(super) fn connected_kiosks(&self) -> HashSet<KioskId> {
        let routes = self.routes();
        let of_kiosk = |(key, topic): (&TopicKey, &Arc<Topic>)| match key {
            TopicKey::Kiosk(kiosk) if topic.is_read() => Some(*kiosk),
            _ => None,
        };
        routes.topics.iter().filter_map(of_kiosk).collect()
    }

    fn topics(&self) -> Vec<Arc<Topic>> {
        self.routes().all().cloned().collect()
    }

    #[cfg(test)]
    pub(super) fn drawings_made(&self) -> usize {
        self.routes().drawings.made
    }

    #[cfg(test)]
    pub(super) fn topic_count(&self) -> usize {
        self.routes().all().count()
    }

    /// The topic of this name; one that is new here begins with the trail.
    pub(super) fn topic(&self, key: &TopicKey) -> Arc<Topic> {
        let shown = key.shown();
        // What the trail means to a new topic is found out while others go on: it may be a thousand changes.
        let mut past = Past::default();
        loop {
            let (missing, since) = {
                let mut routes = self.routes();
                let missing = match &shown {
                    Shown::Rows(_) => routes.trail.after(past.upto),
                    Shown::Picture(_) | Shown::Whole(_) => Vec::new(),
                };
                let routes = &mut *routes;
                let among = if key.is_broad() { &mut routes.broad } else { &mut routes.topics };
                if let Some(topic) = among.get(key) {
                    return topic.clone();
                }
                let since = routes.trail.since();
                if missing.is_empty() {
                    let since = if key.is_pictured() { routes.picture.at() } else { since };
                    let topic = Arc::new(Topic::new(key, shown, self.kept(key, since, past)));
                    among.insert(key.clone(), topic.clone());
                    return topic;
                }
                (missing, since)
            };
            if past.upto < since {
                // The trail has moved on, or was begun anew.
                past.frames.clear();
            }
            for change in missing {
                past.upto = change.offset;
                past.frames.extend(shown.bytes_of(&self.epoch, &change).map(|bytes| (change.offset, bytes)));
            }
        }
    }

    /// What a new topic has to tell.
    fn kept(&self, key: &TopicKey, since: u64, past: Past) -> Kept {
        if matches!(key, TopicKey::Pipeline(_)) {
            return Kept::Newest(Newest::new(since));
        }
        let (frames, bytes) = (self.settings.ring_frames, self.settings.ring_bytes);
        let mut ring = Ring::new(since, frames, bytes, &self.budget);
        for (offset, bytes) in past.frames.into_iter().filter(|(offset, _)| *offset > since) {
            ring.push(offset, bytes);
        }
        Kept::Ring(ring)
    }

    /// Publishes changes in order, each once, and none before the one before it.
    async fn publish(&self, changes: Vec<Change>) {
        let mut ready = Vec::with_capacity(changes.len());
        let mut upto = self.head();
        for change in changes {
            if change.offset <= upto {
                continue;
            }
            if change.offset > upto + 1 {
                self.hand_out(std::mem::take(&mut ready));
                self.fill(change.offset).await;
            }
            upto = change.offset;
            ready.push(change);
        }
        self.hand_out(ready);
    }

    /// Reads what is missing before `offset` from the log. It was committed, so it is there sooner or later.
    async fn fill(&self, offset: u64) {
        loop {
            let head = self.head();
            if head + 1 >= offset {
                return;
            }
            match self.log.changes_after(head, self.settings.page).await {
                Ok(page) => {
                    let missing: Vec<_> = page.into_iter().filter(|change| change.offset < offset).collect();
                    if missing.first().is_none_or(|change| change.offset != head + 1) {
                        tracing::error!(from = head + 1, to = offset - 1, "changes are missing from the log");
                        return self.jump(offset - 1).await;
                    }
                    self.hand_out(missing);
                }
                Err(error) => {
                    tracing::warn!(%error, from = head + 1, "the log can't be read; streams wait");
                    tokio::select! {
                        () = self.clock.sleep(TICK) => {}
                        () = self.shutdown.cancelled() => return self.jump(offset - 1).await,
                    }
                }
            }
        }
    }

    /// Goes on after a hole that can't be filled: whoever is before it has to start anew.
    async fn jump(&self, offset: u64) {
        let picture = self.draw_anew().await;
        let topics = {
            let mut routes = self.routes();
            routes.trail.reset(offset);
            if let Some(picture) = picture {
                routes.picture = picture;
            }
            for topic in routes.all() {
                topic.reset(if topic.replays() { offset } else { routes.picture.at() });
            }
            self.move_head(offset);
            routes.all().cloned().collect::<Vec<_>>()
        };
        topics.iter().for_each(|topic| topic.wake());
    }

    /// The picture as the database has it; none when everything ends first.
    async fn draw_anew(&self) -> Option<Picture> {
        loop {
            match self.log.floor().await {
                Ok(floor) => return Some(Picture::new(floor)),
                Err(error) => tracing::warn!(%error, "the floor can't be read; streams wait"),
            }
            tokio::select! {
                () = self.clock.sleep(TICK) => {}
                () = self.shutdown.cancelled() => return None,
            }
        }
    }

    /// Hands changes to the topics they concern, then moves the head, then wakes the readers.
    fn hand_out(&self, changes: Vec<Change>) {
        let Some(last) = changes.last().map(|change| change.offset) else { return };
        let (mut concerned, mut to_wake, mut ended) = (Vec::new(), Vec::<Arc<Topic>>::new(), Vec::new());
        let mut routes = self.routes();
        for change in changes {
            let change = Arc::new(Fresh::new(change));
            let moved = routes.picture.apply(&change);
            TopicKey::concerned(&change, &mut concerned);
            let named = concerned.iter().filter_map(|key| routes.topics.get(key));
            for topic in named.chain(routes.broad.values()) {
                let told = match &topic.shown {
                    Shown::Rows(_) => topic.append(&self.epoch, &change),
                    Shown::Picture(_) => {
                        !moved.is_none() && topic.draw(&self.epoch, change.offset, &routes.picture, &moved)
                    }
                    Shown::Whole(pipeline) => {
                        stain(topic, *pipeline, &routes.picture, &moved);
                        false
                    }
                };
                if told && !to_wake.iter().any(|known| Arc::ptr_eq(known, topic)) {
                    to_wake.push(topic.clone());
                }
            }
            if let Row::Rights { holder } = change.row {
                routes.ended.push_back(Ended { at: self.clock.monotonic(), offset: change.offset, holder });
                ended.push((change.offset, holder));
            }
            routes.trail.push(change);
        }
        to_wake.extend(self.draw_whole(&mut routes));
        self.move_head(last);
        drop(routes);
        // Rights first: who may no longer read must not be woken with something to send.
        for (offset, holder) in &ended {
            self.topics().iter().for_each(|topic| topic.end_rights(*offset, holder));
        }
        to_wake.iter().for_each(|topic| topic.wake());
    }

    /// Draws what waits to be drawn, and wakes its readers.
    fn draw_what_waits(&self) {
        let drawn = self.draw_whole(&mut self.routes());
        drawn.iter().for_each(|topic| topic.wake());
    }

    /// Draws whole what something moved in and what was not drawn a moment ago; gives the topics.
    fn draw_whole(&self, routes: &mut Routes) -> Vec<Arc<Topic>> {
        let now = self.clock.monotonic();
        let Routes { broad, picture, drawings, .. } = routes;
        let mut told: Vec<(*const super::drawing::Drawing, Arc<Told>)> = Vec::new();
        let mut drawn = Vec::new();
        for topic in broad.values() {
            let due = topic.drawing_due(self.settings.pause).is_some_and(|due| due <= now);
            let Some(pipeline) = topic.pipeline().filter(|_| due) else { continue };
            let drawing = drawings.of(pipeline, picture);
            let seen = Arc::as_ptr(&drawing);
            let known = told.iter().find(|(known, _)| *known == seen).map(|(_, told)| told.clone());
            let event = known.unwrap_or_else(|| {
                let event = Arc::new(Told::new(&self.epoch, picture.at(), drawing, &self.budget));
                told.push((seen, event.clone()));
                event
            });
            topic.draw_whole(event, now);
            drawn.push(topic.clone());
        }
        drawn
    }

    /// When the next is to be drawn.
    fn drawing_due(&self) -> Option<Duration> {
        self.routes().broad.values().filter_map(|topic| topic.drawing_due(self.settings.pause)).min()
    }

    /// Wakes readers whose time has come, and lets go of topics that nobody reads.
    fn look_at_the_clock(&self) {
        let now = self.clock.monotonic();
        let mut routes = self.routes();
        routes.topics.retain(|key, topic| Arc::strong_count(topic) > 1 || TopicKey::STANDING.contains(key));
        routes.broad.retain(|_, topic| Arc::strong_count(topic) > 1);
        let Routes { picture, drawings, .. } = &mut *routes;
        drawings.tidy(picture);
        while routes.ended.front().is_some_and(|ended| now.saturating_sub(ended.at) > ENDED_FOR) {
            routes.ended.pop_front();
        }
        drop(routes);
        for topic in self.topics() {
            topic.wake_due(now);
        }
    }
}
