//! The session's owner: one task that holds everything a kiosk knows, so that nothing here needs a lock.
//!
//! Commands, answers, stream messages and the clock wake it; each time it does what is due, publishes
//! the view, and only then replies. Calls to the server fly apart from it, so a server that is slow
//! never keeps a tap waiting.

mod alone;
mod back;
mod beat;
mod claim;
pub(crate) mod disk;
mod enrol;
mod hear;
mod judge;
mod known;
mod lists;
mod message;
mod office;
mod provide;
mod send;
mod show;
mod tap;
#[cfg(test)]
mod tests;
mod time;
mod undo;
mod unsaid;

pub(crate) use message::{Asked, Command, Reply, Tap};
use message::{Heard, Landed, Since};
pub(crate) use show::nothing;

use crate::backoff::Backoff;
use crate::boot::Boot;
use crate::client::Client;
use crate::engine::CommandError;
use crate::outbox::Offset;
use crate::store::{Claim, Entry, Identity, Moment, Store, StoreError};
use crate::stream::{Reader, StreamMessage};
use crate::view::{Ended, KioskView, LastAction, Link, LinkState, Notice, StationItems, Unsaid};
use millrace_domain::session::watch::JUMP_MS;
use millrace_domain::{Chance, Clock};
use millrace_protocol::MessageId;
use millrace_protocol::floor::Message;
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::provisions::Provisions;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusDefinition;
use millrace_protocol::worker::{Resumable, Worker, WorkerLogin};
use office::Word;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use undo::Undoable;

/// How often the owner looks at the clocks when nothing else wakes it: a machine that slept is noticed within this.
const GLANCE: Duration = Duration::from_secs(2);
/// Stream messages that may wait for the owner.
const TOLD: usize = 64;
/// For so long entries that ended are kept: a server restored from a backup may want them again.
const KEEP_MS: i64 = 14 * 24 * 3600 * 1000;
/// How often those that ended before are forgotten.
const PRUNE: Duration = Duration::from_secs(24 * 3600);
/// The longest wait after provisions that did not come.
const PROVIDE_CAP: Duration = Duration::from_secs(300);

/// What there is once this device is a kiosk.
struct Enrolment {
    identity: Identity,
    client: Client,
    reader: Reader,
}

/// Something that is done again and again: when next, and how it went.
struct Pulse {
    /// On the steady clock.
    due: Duration,
    flying: bool,
    /// Wanted at once, while one was flying.
    again: bool,
    /// The server named a time: whoever wants it sooner waits all the same. On the steady clock.
    not_before: Duration,
    backoff: Backoff,
}

impl Pulse {
    fn new(backoff: Backoff) -> Self {
        Self { due: Duration::ZERO, flying: false, again: false, not_before: Duration::ZERO, backoff }
    }

    /// When it is due, on the steady clock.
    fn at(&self) -> Duration {
        self.due.max(self.not_before)
    }

    fn is_due(&self, now: Duration) -> bool {
        !self.flying && self.at() <= now
    }

    /// It failed: how long to wait now. A time that the server named is kept whatever else happens.
    fn failed(&mut self, named: Option<Duration>, now: Duration, chance: &dyn Chance) -> Duration {
        let Some(named) = named else { return self.backoff.failed(chance) };
        let wait = self.backoff.failed_until(named, chance);
        self.not_before = now + wait;
        wait
    }

    /// Wanted at once.
    fn hurry(&mut self) {
        self.due = Duration::ZERO;
        self.again = self.flying;
    }

    /// The flight is over; the next one is due then, unless one was wanted meanwhile.
    fn landed(&mut self, due: Duration) {
        self.flying = false;
        self.due = if std::mem::take(&mut self.again) { Duration::ZERO } else { due };
    }

    /// Due then and not before, unless it was wanted at once meanwhile.
    fn put_off(&mut self, due: Duration) {
        if !self.due.is_zero() {
            self.due = due;
        }
    }
}

/// A claim that waits for the outbox to drain: what was tapped before it has to be in history before it.
struct Deferred {
    asked: Asked,
    reply: Reply<()>,
    until: Duration,
}

/// Everything a kiosk knows.
pub(crate) struct Owner {
    store: Store,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    boot: Arc<dyn Boot>,
    view: watch::Sender<KioskView>,
    tell: mpsc::Sender<StreamMessage>,
    told: mpsc::Receiver<StreamMessage>,
    enrolment: Option<Enrolment>,
    stream_live: bool,
    worker: Option<Worker>,
    /// He signed in while the server was away.
    unverified: bool,
    resumable: Option<Resumable>,
    /// What was closed for want of contact and could go on.
    provisional: Option<Session>,
    claim: Option<Claim>,
    ended: Option<Ended>,
    statuses: Vec<StatusDefinition>,
    /// What can be made at the station of the session, as last told.
    items: Vec<StationJobItem>,
    queue: VecDeque<Entry>,
    /// The highest number that the server took.
    taken: u64,
    hold: Option<Notice>,
    /// Why the disk can't be used, where it can't.
    disk: Option<Notice>,
    /// When a disk that failed is tried again, on the steady clock.
    disk_due: Duration,
    /// The entry that the server fails at, and since when.
    failing: Option<(i64, Duration)>,
    last_action: Option<LastAction>,
    unsaid: Vec<Unsaid>,
    /// All that this station needs while the server is away.
    provisions: Option<Provisions>,
    /// When somebody last tapped or signed in here.
    touched: Option<Duration>,
    undoable: Option<Undoable>,
    link: Link,
    offset: Offset,
    /// Since it was last away, the server has said which numbers it has of this kiosk.
    greeted: bool,
    heart: Pulse,
    sender: Pulse,
    larder: Pulse,
    /// After an outage the heart is heard before anything is sent.
    heart_first: bool,
    /// What was typed at a sign-in without the server, until the server has heard it. Never on the disk.
    typed: Option<WorkerLogin>,
    verifying: bool,
    /// On the steady clock.
    verify_due: Duration,
    /// The link is new: the server is asked what the worker may go on with.
    ask_again: bool,
    /// The process before may have asked for a claim and not heard the answer.
    recalled: bool,
    /// When old entries are forgotten next, on the steady clock.
    prune_due: Duration,
    claiming: bool,
    deferred: Option<Deferred>,
    /// What the office sent, and nobody here has confirmed.
    messages: Vec<Message>,
    /// What the office has to hear of its messages.
    words: VecDeque<(MessageId, Word)>,
    telling: bool,
    flights: JoinSet<Landed>,
    replies: Vec<Box<dyn FnOnce() + Send + Sync>>,
    /// Since when this process has been running without a break.
    running: Moment,
    /// How far the clock that runs on in suspend was from the steady one.
    asleep: Option<i64>,
    /// How far the wall clock was from the steady one.
    drift: i64,
}

/// What can't be read must not keep a kiosk from starting: it is said in the log, and stays where it is.
fn readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error @ StoreError::Unreadable { .. }) => {
            tracing::error!(%error, "left aside");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

impl Owner {
    /// Everything as the disk has it.
    pub(crate) async fn recall(
        store: Store,
        clock: Arc<dyn Clock>,
        boot: Arc<dyn Boot>,
        chance: Arc<dyn Chance>,
        view: watch::Sender<KioskView>,
    ) -> Result<Self, CommandError> {
        let (tell, told) = mpsc::channel(TOLD);
        let claim = readable(store.claim().await)?.flatten();
        let (mut statuses, mut items) = (vec![], vec![]);
        if let Some(claim) = &claim {
            let station = claim.session.station_id;
            statuses = store.recall(&lists::statuses_of(station)).await?.unwrap_or_default();
            items = store.recall(&lists::items_of(station)).await?.unwrap_or_default();
        }
        let mut owner = Self {
            offset: time::remembered(&store, &*clock, &*boot).await?,
            greeted: false,
            view,
            tell,
            told,
            enrolment: None,
            stream_live: false,
            worker: store.recall("worker").await?,
            unverified: store.recall("unverified").await?.unwrap_or(false),
            resumable: None,
            provisional: None,
            claim,
            ended: store.recall("ended").await?,
            statuses,
            items,
            queue: store.waiting().await?.into(),
            taken: store.taken().await?,
            hold: None,
            disk: None,
            disk_due: Duration::ZERO,
            failing: None,
            last_action: None,
            unsaid: store.unsaid().await?,
            provisions: store.recall("provisions").await?,
            touched: None,
            undoable: None,
            link: Link { state: LinkState::Connecting, since: clock.now() },
            heart: Pulse::new(Backoff::new(crate::backoff::BASE, beat::PATIENCE)),
            sender: Pulse::new(Backoff::default()),
            larder: Pulse::new(Backoff::new(crate::backoff::BASE, PROVIDE_CAP)),
            heart_first: true,
            typed: None,
            verifying: false,
            verify_due: Duration::ZERO,
            ask_again: true,
            recalled: store.opening().await.ok().flatten().is_some(),
            prune_due: Duration::ZERO,
            claiming: false,
            deferred: None,
            messages: vec![],
            words: store.recall(office::WORDS).await?.unwrap_or_default(),
            telling: false,
            flights: JoinSet::new(),
            replies: vec![],
            running: Moment { wall_at: clock.now(), boot_ms: boot.millis() },
            asleep: None,
            drift: 0,
            store,
            clock,
            boot,
            chance,
        };
        owner.drift = owner.drift_now();
        owner.asleep = owner.asleep_now();
        if let Some(identity) = readable(owner.store.identity().await)?.flatten() {
            owner.enrol_as(identity)?;
        }
        owner.publish();
        Ok(owner)
    }

    /// Runs until the token says so; then says goodbye and closes the disk.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Command>, ended: CancellationToken) {
        let clock = self.clock.clone();
        loop {
            self.do_what_is_due().await;
            self.publish();
            let wait = self.next_due().saturating_sub(clock.monotonic()).min(GLANCE);
            tokio::select! {
                () = ended.cancelled() => break,
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    // Nobody holds the engine any more.
                    None => break,
                },
                Some(landed) = self.flights.join_next() => match landed {
                    Ok(landed) => self.land(landed).await,
                    Err(error) => self.crashed(&error),
                },
                Some(message) = self.told.recv() => self.hear(message).await,
                () = clock.sleep(wait) => {}
            }
            self.publish();
        }
        self.flights.shutdown().await;
        self.say_goodbye().await;
        self.store.close().await;
    }

    fn next_due(&self) -> Duration {
        let mut next = self.clock.monotonic() + GLANCE;
        if self.enrolment.is_some() {
            if self.beating() && !self.heart.flying {
                next = next.min(self.heart.at());
            }
            if self.sending() && !self.sender.flying {
                next = next.min(self.sender.at());
            }
            if !self.larder.flying {
                next = next.min(self.larder.at());
            }
        }
        let untils = [self.deferred.as_ref().map(|it| it.until), self.undoable.as_ref().map(|it| it.until)];
        untils.into_iter().flatten().fold(next, Duration::min)
    }

    async fn do_what_is_due(&mut self) {
        let now = self.clock.monotonic();
        let (drift, asleep) = (self.drift_now(), self.asleep_now());
        let jumped = (drift - std::mem::replace(&mut self.drift, drift)).abs() > JUMP_MS;
        // Where there is no such clock, a wall clock that was set is taken for sleep.
        let slept = match (std::mem::replace(&mut self.asleep, asleep), asleep) {
            (Some(before), Some(asleep)) => asleep - before > JUMP_MS,
            _ => jumped,
        };
        if jumped || slept {
            self.woke(slept);
        }
        if self.enrolment.is_some() {
            if self.beating() && self.heart.is_due(now) {
                self.beat();
            }
            if self.sending() && self.sender.is_due(now) {
                self.send().await;
            }
            if self.larder.is_due(now) {
                self.provide();
            }
        }
        if now >= self.prune_due {
            self.prune_due = now + PRUNE;
            self.prune().await;
        }
        self.verify();
        self.ask_what_was_asked().await;
        self.tell_the_office();
        self.try_disk().await;
        self.undoable = self.undoable.take().filter(|undoable| now < undoable.until);
        self.take_up_deferred().await;
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Enroll { server_url, code, reply } => self.enroll(&server_url, code, reply),
            Command::Adopt { identity, reply } => {
                let outcome = self.adopt(identity).await;
                self.reply(reply, outcome);
            }
            Command::SignIn { login, reply } => self.sign_in(login, reply),
            Command::SignOut { reply } => {
                self.sign_out().await;
                self.reply(reply, Ok(()));
            }
            Command::Stations { reply } => self.stations(reply).await,
            Command::Pipeline { reply } => self.reply(reply, self.pipeline()),
            Command::Statuses { station, reply } => self.statuses(station, reply).await,
            Command::Reasons { station, kind, reply } => self.reasons(station, kind, reply).await,
            Command::JobItems { station, reply } => self.job_items(station, reply).await,
            Command::Checklists { station, reply } => self.checklists(station, reply).await,
            Command::Requests { reply } => self.requests(reply),
            Command::Claim { asked, reply } => self.claim_or_defer(asked, reply).await,
            Command::Tap { tap, reply } => {
                let outcome = self.tap(tap).await;
                self.reply(reply, outcome);
            }
            Command::AcknowledgeEnded { reply } => {
                let outcome = self.acknowledge_ended().await;
                self.reply(reply, outcome);
            }
            Command::AcknowledgeUnsaid { seqs, reply } => {
                let outcome = self.acknowledge_unsaid(&seqs).await;
                self.reply(reply, outcome);
            }
            Command::ConfirmMessage { message, reply } => {
                self.confirm(message).await;
                self.reply(reply, Ok(()));
            }
        }
    }

    async fn land(&mut self, landed: Landed) {
        match landed {
            Landed::Enrolled { server_url, result, reply } => {
                let outcome = self.enrolled(server_url, result).await;
                self.reply(reply, outcome);
            }
            Landed::SignedIn { since, login, result, reply } => match *result {
                Err(error) if !error.is_answer() && self.knows_workers() => {
                    self.heard(Heard::Silence);
                    self.recognise(login, reply).await;
                }
                result => {
                    let outcome = self.signed_in(since, login, result).await;
                    self.reply(reply, outcome);
                }
            },
            Landed::Recognised { worker, login, right, reply } => self.recognised(worker, login, right, reply).await,
            Landed::Verified { worker, since, login, result } => self.verified(worker, since, login, *result).await,
            Landed::Provided(result) => self.provided_with(*result).await,
            Landed::Resumable(result) => {
                self.heard(Heard::of(&*result));
                if let Ok(found) = *result {
                    self.resumable = found.active_session;
                    self.provisional = found.provisional_session;
                }
            }
            Landed::Claimed { flight, since, result, reply } => {
                self.claiming = false;
                let outcome = self.claimed(flight, since, *result, reply.is_some()).await;
                match (reply, outcome) {
                    (Some(reply), outcome) => self.reply(reply, outcome),
                    (None, Ok(())) => {}
                    (None, Err(error)) => tracing::info!(%error, "what was asked for before the restart is not given"),
                }
            }
            Landed::Beat { claim, since, result } => self.beaten(&claim, since, result).await,
            Landed::Greeted { since, result } => self.greeted(since, result).await,
            Landed::Sent { id, result } => self.sent(id, *result).await,
            Landed::Statuses { station, statuses, reply } => {
                self.heard(Heard::Answer);
                if self.claim.as_ref().is_some_and(|claim| claim.session.station_id == station) {
                    self.statuses.clone_from(&statuses);
                }
                if let Some(reply) = reply {
                    self.reply(reply, Ok(statuses));
                }
            }
            Landed::Items { station, items, reply } => {
                self.heard(Heard::Answer);
                if self.claim.as_ref().is_some_and(|claim| claim.session.station_id == station) {
                    self.items.clone_from(&items);
                }
                if let Some(reply) = reply {
                    self.reply(reply, Ok(StationItems { items, as_of: None }));
                }
            }
            Landed::Told { message, word, result } => self.office_told(message, word, &result).await,
            Landed::Heard(heard) => self.heard(heard),
            Landed::Done => {}
        }
    }

    /// Forgets what ended long ago. A disk that can't be written is no reason not to start.
    async fn prune(&mut self) {
        let pruned = self.store.prune(self.clock.now().plus_millis(-KEEP_MS)).await;
        // Said already.
        drop(self.wrote(pruned));
    }

    /// A flight that panicked is a defect; it must not stop the heart.
    fn crashed(&mut self, error: &tokio::task::JoinError) {
        tracing::error!(%error, "a call to the server crashed");
        let again = self.clock.monotonic() + GLANCE;
        self.claiming = false;
        self.telling = false;
        self.verifying = false;
        for pulse in [&mut self.heart, &mut self.sender, &mut self.larder] {
            if pulse.flying {
                pulse.landed(again);
            }
        }
    }

    /// Replies once the view is published.
    fn reply<T: Send + Sync + 'static>(&mut self, reply: Reply<T>, outcome: Result<T, CommandError>) {
        self.replies.push(Box::new(move || {
            // Whoever asked may have gone.
            drop(reply.send(outcome));
        }));
    }

    fn client(&self) -> Result<Client, CommandError> {
        let none = "This device is not enrolled. Enter an enrolment code.";
        let refused = || CommandError::refused(millrace_protocol::Code::Forbidden, none);
        self.enrolment.as_ref().map(|enrolment| enrolment.client.clone()).ok_or_else(refused)
    }

    /// Forgets a remembered value; a disk that refuses is said in the log, and the value comes back at the next start.
    async fn forget(&self, name: &str) {
        if let Err(error) = self.store.forget(name).await {
            tracing::warn!(%error, name, "not forgotten");
        }
    }
}
