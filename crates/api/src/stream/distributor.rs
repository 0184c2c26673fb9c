//! Inside the hub: takes committed changes and gives each to the topics it concerns.

use super::capacity::Capacity;
use super::jitter::Jitter;
use super::picture::Picture;
use super::ring::Ring;
use super::settings::StreamSettings;
use super::topic::Topic;
use super::trail::Trail;
use super::view::TopicKey;
use millrace_domain::change::{Change, Holder, Row};
use millrace_domain::storage::{ChangeLog, Commits, Result};
use millrace_domain::{Clock, SystemChance};
use millrace_protocol::{Cursor, KioskId};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

/// How often the hub looks for readers whose time has come: heartbeats, rotation and expiry are this exact.
const TICK: Duration = Duration::from_secs(1);

/// For how long an ended right is remembered: a request that was let in just before must still find it.
const ENDED_FOR: Duration = Duration::from_secs(5);

/// How many readers may read the log at once.
const LOG_TURNS: usize = 4;

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
    pub(super) log_turns: Semaphore,
    pub(super) shutdown: CancellationToken,
    /// Changes after this offset are still in the log.
    pub(super) floor: AtomicU64,
    closing: AtomicBool,
    head: AtomicU64,
    /// The highest offset that is known to exist; snapshots may be ahead of the head.
    known: AtomicU64,
    /// Rung when the head has moved.
    moved: Notify,
    routes: Mutex<Routes>,
}

struct Routes {
    /// Topics that a change names.
    topics: HashMap<TopicKey, Arc<Topic>>,
    /// Topics that look at every change themselves.
    broad: HashMap<TopicKey, Arc<Topic>>,
    picture: Picture,
    trail: Trail,
    ended: VecDeque<(Duration, Holder)>,
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
        clock: Arc<dyn Clock>,
        settings: StreamSettings,
        shutdown: CancellationToken,
    ) -> Result<Arc<Self>> {
        let position = log.position().await?;
        let past = u64::try_from(settings.trail).unwrap_or(u64::MAX);
        let since = position.floor.max(position.offset.saturating_sub(past));
        let mut routes = Routes {
            topics: HashMap::new(),
            broad: HashMap::new(),
            picture: Picture::new(log.floor().await?),
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
                routes.trail.push(Arc::new(change));
            }
        }
        if head < position.offset {
            head = position.offset;
            routes.trail.reset(head);
        }
        let hub = Self {
            capacity: Arc::new(Capacity::new(settings.most, settings.most_per_holder)),
            jitter: Jitter::new(&SystemChance),
            log_turns: Semaphore::new(LOG_TURNS),
            epoch: position.epoch,
            closing: AtomicBool::new(shutdown.is_cancelled()),
            head: AtomicU64::new(head),
            floor: AtomicU64::new(position.floor),
            known: AtomicU64::new(head),
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
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => break,
                () = &mut tick => {
                    self.look_at_the_clock();
                    tick = self.clock.sleep(TICK);
                }
                count = commits.recv_many(&mut batches, BATCHES) => {
                    if count == 0 {
                        break;
                    }
                    self.publish(batches.drain(..).flatten().collect()).await;
                }
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

    /// Whether this right ended a moment ago.
    pub(super) fn ended_lately(&self, holders: &[Holder]) -> bool {
        self.routes().ended.iter().any(|(_, holder)| holders.contains(holder))
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

    /// Looks at the picture, while nothing moves in it.
    pub(super) fn pictured<T>(&self, look: impl FnOnce(&Picture) -> T) -> T {
        look(&self.routes().picture)
    }

    fn move_head(&self, offset: u64) {
        self.head.store(offset, Ordering::Release);
        self.moved.notify_waiters();
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
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
    pub(super) fn topic_count(&self) -> usize {
        self.routes().all().count()
    }

    /// The topic of this name; one that is new here begins with the trail.
    pub(super) fn topic(&self, key: &TopicKey) -> Arc<Topic> {
        let mut routes = self.routes();
        let routes = &mut *routes;
        let among = if key.is_broad() { &mut routes.broad } else { &mut routes.topics };
        if let Some(topic) = among.get(key) {
            return topic.clone();
        }
        let (frames, bytes) = (self.settings.ring_frames, self.settings.ring_bytes);
        let since = if key.is_pictured() { routes.picture.at() } else { routes.trail.since() };
        let topic = Arc::new(Topic::new(key, Ring::new(since, frames, bytes)));
        for change in routes.trail.iter() {
            topic.append(&self.epoch, change);
        }
        among.insert(key.clone(), topic.clone());
        topic
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
            let moved = routes.picture.apply(&change);
            TopicKey::concerned(&change, &mut concerned);
            let named = concerned.iter().filter_map(|key| routes.topics.get(key));
            for topic in named.chain(routes.broad.values()) {
                let told = if topic.replays() {
                    topic.append(&self.epoch, &change)
                } else {
                    !moved.is_none() && topic.draw(&self.epoch, change.offset, &routes.picture, &moved)
                };
                if told && !to_wake.iter().any(|known| Arc::ptr_eq(known, topic)) {
                    to_wake.push(topic.clone());
                }
            }
            if let Row::Rights { holder } = change.row {
                routes.ended.push_back((self.clock.monotonic(), holder));
                ended.push(holder);
            }
            routes.trail.push(Arc::new(change));
        }
        self.move_head(last);
        drop(routes);
        // Rights first: who may no longer read must not be woken with something to send.
        for holder in &ended {
            self.topics().iter().for_each(|topic| topic.end_rights(holder));
        }
        to_wake.iter().for_each(|topic| topic.wake());
    }

    /// Wakes readers whose time has come, and lets go of topics that nobody reads.
    fn look_at_the_clock(&self) {
        let now = self.clock.monotonic();
        let mut routes = self.routes();
        routes.topics.retain(|key, topic| Arc::strong_count(topic) > 1 || TopicKey::STANDING.contains(key));
        routes.broad.retain(|_, topic| Arc::strong_count(topic) > 1);
        while routes.ended.front().is_some_and(|(at, _)| now.saturating_sub(*at) > ENDED_FOR) {
            routes.ended.pop_front();
        }
        drop(routes);
        for topic in self.topics() {
            topic.wake_due(now);
        }
    }
}
