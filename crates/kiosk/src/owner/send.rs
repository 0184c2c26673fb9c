//! The outbox's one sender: in order, one at a time, the same bytes until there is an answer.

use super::{Heard, Landed, Owner, Since};
use crate::client::{CallError, Client};
use crate::outbox::{self, HOLD, PARK, PATIENCE, Verdict};
use crate::store::{Entry, Settled};
use crate::view::{ActionState, LastAction, LinkState, Notice};
use millrace_protocol::access::KioskSelf;
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::session::Session;
use millrace_protocol::{Code, Problem};
use std::time::Duration;

/// For so long after a touch somebody counts as standing here: then the screen hides names, too.
const STANDING: Duration = Duration::from_secs(60);

impl Owner {
    pub(super) async fn send(&mut self) {
        let (Ok(client), Some(front)) = (self.client(), self.queue.front().cloned()) else { return };
        if front.body.is_none() && !self.offset.is_known() && !self.greeted {
            return self.greet(client);
        }
        let body = match self.frozen(&front).await {
            Ok(body) => body,
            Err(notice) => return self.stuck(notice),
        };
        let (path, bytes) = match &front.problem {
            None => (front.draft.path.clone(), Ok(body.clone())),
            Some(problem) => (PARK.to_owned(), outbox::compose_parking(&front, &body, problem)),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return self.stuck(unreadable(&front, &error)),
        };
        if let Some(entry) = self.queue.front_mut() {
            entry.body = Some(body);
        }
        self.sender.flying = true;
        self.flights.spawn(async move {
            let result = Box::new(client.act(&path, bytes).await);
            Landed::Sent { id: front.id, result }
        });
    }

    /// The bytes carry the time of the tap on the server's clock, and nothing changes them later: the clock first.
    fn greet(&mut self, client: Client) {
        self.sender.flying = true;
        let since = self.since();
        self.flights.spawn(async move { Landed::Greeted { since, result: client.me().await } });
    }

    /// The server's clock, and what it has of this kiosk.
    pub(super) async fn greeted(&mut self, since: Since, result: Result<KioskSelf, CallError>) {
        let now = self.clock.monotonic();
        self.sender.landed(now);
        let heard = Heard::of(&result);
        match result {
            Ok(me) => {
                self.greeted = true;
                self.learn(me.server_time, since).await;
                if let Err(error) = self.seen(me.last_seq, since).await {
                    tracing::warn!(%error, "the server's last number is not kept");
                }
                self.heard(heard);
            }
            Err(error) => match outbox::judge(Err(error)) {
                Verdict::Hold(notice) if notice.code == Code::Unauthenticated => {
                    self.turn(LinkState::Refused);
                    self.stuck(notice);
                }
                Verdict::Again(retry_after) => {
                    self.heard(heard);
                    self.send_later(retry_after);
                }
                // It has no clock for us. Then the times are estimated.
                _ => self.greeted = true,
            },
        }
    }

    /// The bytes of an entry: those of its first sending, or new ones that are on the disk before they are sent.
    async fn frozen(&self, entry: &Entry) -> Result<String, Notice> {
        if let Some(body) = &entry.body {
            return Ok(body.clone());
        }
        let at = self.told(&entry.draft).await;
        let body = outbox::compose(entry, at).map_err(|error| unreadable(entry, &error))?;
        self.store.freeze(entry.id, &body).await.map_err(|error| disk(&error))?;
        Ok(body)
    }

    fn stuck(&mut self, notice: Notice) {
        self.hold = Some(notice);
        self.sender.put_off(self.clock.monotonic() + HOLD);
    }

    fn send_later(&mut self, retry_after: Option<Duration>) {
        let wait = match retry_after {
            Some(named) => self.sender.backoff.failed_until(named, &*self.chance),
            None => self.sender.backoff.failed(&*self.chance),
        };
        self.sender.put_off(self.clock.monotonic() + wait);
    }

    /// An answer to the entry in front.
    pub(super) async fn sent(&mut self, id: i64, result: Result<ActionAnswer, CallError>) {
        let now = self.clock.monotonic();
        self.sender.landed(now);
        let heard = Heard::of(&result);
        let verdict = outbox::judge(result);
        match &verdict {
            Verdict::Hold(notice) if notice.code == Code::Unauthenticated => self.turn(LinkState::Refused),
            _ => self.heard(heard),
        }
        let Some(entry) = self.queue.front().filter(|entry| entry.id == id).cloned() else { return };
        if !matches!(verdict, Verdict::Failing { .. }) {
            self.failing = None;
        }
        match verdict {
            Verdict::Ended { how: Settled::Refused, problem: Some(problem), .. }
                if entry.problem.is_none() && !self.is_attended(&entry) =>
            {
                self.park(&entry, problem).await;
            }
            Verdict::Ended { how, answer, problem } => self.end_entry(&entry, how, answer, problem).await,
            Verdict::Renumber(last_seq) => self.renumber(&entry, last_seq).await,
            Verdict::Hold(notice) => self.stuck(notice),
            Verdict::Again(retry_after) => {
                self.hold = None;
                self.send_later(retry_after);
            }
            Verdict::Failing { problem, retry_after } => {
                let since = self.failing.filter(|(failing, _)| *failing == id).map_or(now, |(_, since)| since);
                self.failing = Some((id, since));
                if now.saturating_sub(since) >= PATIENCE && entry.problem.is_none() {
                    return self.park(&entry, problem).await;
                }
                self.hold = Some(outbox::notice(&problem));
                self.send_later(retry_after);
            }
        }
    }

    /// Whether somebody stands here who can be told what became of an entry, and do something about it: its session
    /// runs here, and somebody touched this kiosk a moment ago. What the server had taken once is nobody's mistake.
    fn is_attended(&self, entry: &Entry) -> bool {
        let now = self.clock.monotonic();
        let touched = self.touched.is_some_and(|at| now.saturating_sub(at) < STANDING);
        let runs = self
            .claim
            .as_ref()
            .is_some_and(|claim| claim.session.id == entry.draft.session && (!claim.ending || entry.draft.kind.ends()));
        touched && runs && !entry.again
    }

    /// The entry goes to the supervisor instead, as it is; that is on the disk before it is done.
    async fn park(&mut self, entry: &Entry, problem: Box<Problem>) {
        tracing::warn!(action.seq = entry.seq, problem.code = ?problem.code, "an action is parked");
        self.failing = None;
        if let Err(error) = self.store.park(entry.id, &problem).await {
            return self.stuck(disk(&error));
        }
        if let Some(front) = self.queue.front_mut().filter(|front| front.id == entry.id) {
            front.problem = Some(problem);
        }
        self.hold = None;
        self.sender.backoff.succeeded();
        self.sender.hurry();
    }

    async fn end_entry(
        &mut self,
        entry: &Entry,
        how: Settled,
        answer: Option<Box<ActionAnswer>>,
        problem: Option<Box<Problem>>,
    ) {
        let (how, problem) = match (&entry.problem, how) {
            // What the supervisor got is what could not be applied, and why.
            (Some(parked), Settled::Applied | Settled::Late | Settled::Quarantined) => {
                (Settled::Parked, Some(parked.clone()))
            }
            _ => (how, problem),
        };
        let kept = match (&answer, &problem) {
            (Some(answer), _) => serde_json::to_string(answer),
            (None, problem) => serde_json::to_string(problem),
        };
        if let Err(error) = self.store.settle(entry.id, how, &kept.unwrap_or_default(), self.clock.now()).await {
            // It still waits on the disk; the same bytes get the same answer.
            return self.stuck(disk(&error));
        }
        self.queue.pop_front();
        self.hold = None;
        self.sender.backoff.succeeded();
        if how != Settled::Refused {
            self.taken = self.taken.max(entry.seq);
        }
        self.settled(entry, how, answer.map(|answer| *answer), problem.map(|problem| *problem)).await;
    }

    async fn renumber(&mut self, entry: &Entry, last_seq: u64) {
        tracing::warn!(action.seq = entry.seq, last_seq, "numbers were used elsewhere: taking new ones");
        let renumbered = match self.store.renumber(last_seq.max(entry.seq)).await {
            Ok(()) => self.store.waiting().await,
            Err(error) => Err(error),
        };
        match renumbered {
            Ok(queue) => self.queue = queue.into(),
            Err(error) => self.stuck(disk(&error)),
        }
    }

    /// What an answer changes here.
    async fn settled(&mut self, entry: &Entry, how: Settled, answer: Option<ActionAnswer>, problem: Option<Problem>) {
        let state = ActionState::from(how);
        // An earlier action is only said where it did not go well.
        let latest = self.last_action.as_ref().is_none_or(|last| last.seq <= entry.seq);
        if latest || !matches!(how, Settled::Applied) {
            let problem = problem.as_ref().map(outbox::notice);
            self.last_action = Some(LastAction { seq: entry.seq, state, problem });
        }
        let own = self
            .claim
            .as_ref()
            .is_some_and(|claim| claim.session.id == entry.draft.session && claim.epoch == entry.draft.epoch);
        if !own {
            return;
        }
        if how == Settled::Applied && entry.draft.kind.ends() {
            return self.unclaim().await;
        }
        if let Some(answer) = answer.filter(|_| how == Settled::Applied) {
            self.take_answer(entry, answer);
        }
        if let Some(claim) = &mut self.claim {
            // The end did not come about: the worker sees the session again, and why.
            claim.ending = claim.ending && !entry.draft.kind.ends();
            if let Err(error) = self.store.told(claim).await {
                tracing::warn!(%error, "what the server told is not kept");
            }
        }
        if how != Settled::Applied {
            // Whether the session is still ours is for the heartbeat to find out, at once.
            self.heart.hurry();
        }
    }

    fn take_answer(&mut self, entry: &Entry, answer: ActionAnswer) {
        let Some(claim) = &mut self.claim else { return };
        if let Some(event) = answer.status_event {
            let same = claim.status_event.as_ref().is_some_and(|known| known.id == event.id);
            if (entry.draft.kind.begins_event() || same) && event.ended_at.is_none() {
                claim.status_event = Some(event);
            }
        }
        if let Some(session) = answer.session {
            self.take_session(session);
        }
    }

    /// The session as the server tells it, where that is newer than what is known.
    pub(super) fn take_session(&mut self, session: Session) {
        if let Some(claim) = &mut self.claim
            && claim.session.id == session.id
            && claim.session.version <= session.version
        {
            claim.session = session;
        }
    }
}

fn disk(error: &crate::store::StoreError) -> Notice {
    tracing::error!(%error, "the kiosk's disk");
    super::disk::notice()
}

fn unreadable(entry: &Entry, error: &serde_json::Error) -> Notice {
    tracing::error!(%error, action.seq = entry.seq, "an entry that can't be read");
    Notice { code: Code::Internal, detail: "An action on this kiosk's disk can't be read.".into() }
}
