//! The outbox's one sender: in order, one at a time, the same bytes until there is an answer.

use super::{Heard, Landed, Owner, Since};
use crate::client::CallError;
use crate::outbox::{self, HOLD, PARK, PATIENCE, Verdict};
use crate::store::{Claim, Entry, Kind, Settled};
use crate::view::{ActionState, Ended, LastAction, LinkState, Notice};
use millrace_protocol::access::KioskSelf;
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::session::Session;
use millrace_protocol::{Code, Problem};
use std::time::Duration;

/// For so long after a touch somebody counts as standing here: then the screen hides names, too.
const STANDING: Duration = Duration::from_secs(60);

impl Owner {
    pub(super) async fn send(&mut self) {
        if !self.greeted {
            return self.greet();
        }
        let (Ok(client), Some(front)) = (self.client(), self.queue.front().cloned()) else { return };
        let body = match self.frozen(&front).await {
            Ok(Some(body)) => body,
            Ok(None) => return self.set_aside(&front).await,
            Err(notice) => return self.stuck(notice),
        };
        let (path, bytes) = match &front.problem {
            None => (front.draft.path.clone(), Ok(body.clone())),
            Some(problem) => (PARK.to_owned(), outbox::compose_parking(&front, &body, problem)),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                unreadable(&front, &error);
                return self.set_aside(&front).await;
            }
        };
        if let Some(entry) = self.queue.front_mut() {
            entry.body = Some(body);
        }
        self.sender.flying = true;
        // A worker who opened a session alone is named; all else is said by the claim.
        let code = front.draft.by.as_ref().filter(|_| front.draft.kind.opens()).map(|by| by.code.clone());
        self.flights.spawn(async move {
            let result = Box::new(client.act(&path, bytes, code.as_deref()).await);
            Landed::Sent { id: front.id, result }
        });
    }

    /// Nothing goes out before the server has said which numbers it has: one that was restored from a backup would take
    /// the next for the last, and nobody would see what it forgot. And the bytes carry the time of the tap on its clock,
    /// which nothing changes later.
    pub(super) fn greet(&mut self) {
        let (false, Ok(client)) = (self.sender.flying, self.client()) else { return };
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
                self.heard(heard);
                self.learn(me.server_time, since).await;
                let seen = self.seen(me.last_seq, since).await;
                if self.wrote(seen).is_err() && !self.greeted {
                    self.stuck(super::disk::notice());
                }
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
                // It has neither clock nor number for us. Then the times are estimated.
                _ => self.greeted = true,
            },
        }
    }

    /// The bytes of an entry: those of its first sending, or new ones that are on the disk before they are sent.
    /// Nothing where there is no sense in what is on the disk.
    async fn frozen(&mut self, entry: &Entry) -> Result<Option<String>, Notice> {
        if let Some(body) = &entry.body {
            return Ok(Some(body.clone()));
        }
        let at = self.told_all(&entry.draft).await;
        let body = match outbox::compose(entry, at) {
            Ok(body) => body,
            Err(error) => {
                unreadable(entry, &error);
                return Ok(None);
            }
        };
        let frozen = self.store.freeze(entry.id, &body).await;
        self.wrote(frozen).map_err(|_| super::disk::notice())?;
        Ok(Some(body))
    }

    /// An entry that can't be read is kept and said, and holds up nobody.
    async fn set_aside(&mut self, entry: &Entry) {
        let aside = self.store.set_aside(entry.id).await;
        if self.wrote(aside).is_err() {
            return self.stuck(super::disk::notice());
        }
        self.queue.retain(|waiting| waiting.id != entry.id);
        self.recount().await;
    }

    fn stuck(&mut self, notice: Notice) {
        self.hold = Some(notice);
        self.sender.put_off(self.clock.monotonic() + HOLD);
    }

    fn send_later(&mut self, retry_after: Option<Duration>) {
        let now = self.clock.monotonic();
        let wait = self.sender.failed(retry_after, now, &*self.chance);
        self.sender.put_off(now + wait);
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
                if entry.problem.is_none() && entry.draft.kind != Kind::Reopen && !self.is_attended(&entry) =>
            {
                self.park(&entry, problem).await;
            }
            // An address that the server does not have will not be there the next time either.
            Verdict::Hold(notice)
                if entry.problem.is_none() && entry.draft.kind.may_be_unknown() && is_nowhere(&notice) =>
            {
                let problem = Box::new(Problem::new(notice.code, notice.detail));
                match entry.draft.kind {
                    Kind::Reopen => self.end_entry(&entry, Settled::Refused, None, Some(problem)).await,
                    _ => self.park(&entry, problem).await,
                }
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
    /// runs here, its own worker is signed in, and this kiosk was touched a moment ago. What the server had taken once
    /// is nobody's mistake, and neither is what was opened without it.
    fn is_attended(&self, entry: &Entry) -> bool {
        let now = self.clock.monotonic();
        let touched = self.touched.is_some_and(|at| now.saturating_sub(at) < STANDING);
        let stands = self.worker.as_ref().map(|worker| worker.id);
        let runs = self.claim.as_ref().is_some_and(|claim| {
            claim.session.id == entry.draft.session
                && Some(claim.session.worker_id) == stands
                && (!claim.ending || entry.draft.kind.ends())
        });
        touched && runs && !entry.again && !entry.draft.kind.opens()
    }

    /// The entry goes to the supervisor instead, as it is; that is on the disk before it is done.
    async fn park(&mut self, entry: &Entry, problem: Box<Problem>) {
        tracing::warn!(action.seq = entry.seq, problem.code = ?problem.code, "an action is parked");
        self.failing = None;
        let parked = self.store.park(entry.id, &problem).await;
        if self.wrote(parked).is_err() {
            return self.stuck(super::disk::notice());
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
        let settled = self.store.settle(entry.id, how, &kept.unwrap_or_default(), self.clock.now()).await;
        if self.wrote(settled).is_err() {
            // It still waits on the disk; the same bytes get the same answer.
            return self.stuck(super::disk::notice());
        }
        self.queue.pop_front();
        self.hold = None;
        self.sender.backoff.succeeded();
        self.sender.not_before = Duration::ZERO;
        if how != Settled::Applied && entry.draft.kind != Kind::Reopen {
            self.recount().await;
        }
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
            Err(error) => {
                drop(self.wrote::<()>(Err(error)));
                self.stuck(super::disk::notice());
            }
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
        if let Some(claim) = self.claim.clone().filter(|claim| entry.draft.opens == Some(claim.session.id)) {
            return self.opening_settled(&claim, entry, how, answer, problem).await;
        }
        self.own_again(entry, how, answer.as_ref().and_then(|answer| answer.session.as_ref())).await;
        let own = self
            .claim
            .clone()
            .filter(|claim| claim.session.id == entry.draft.session && claim.epoch == entry.draft.epoch);
        let Some(own) = own else { return };
        if entry.draft.kind == Kind::Reopen && how != Settled::Applied {
            return self.not_brought_back(&own, problem.as_ref()).await;
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

    /// What became of the opening of the session that is owned here. The server has it now, or all of it lies with the
    /// supervisor: then nothing that is tapped in it counts.
    async fn opening_settled(
        &mut self,
        claim: &Claim,
        entry: &Entry,
        how: Settled,
        answer: Option<ActionAnswer>,
        problem: Option<Problem>,
    ) {
        match (how, answer) {
            (Settled::Applied | Settled::Late, Some(answer)) => {
                self.take_answer(entry, answer);
                if let Some(claim) = &self.claim
                    && let Err(error) = self.store.told(claim).await
                {
                    tracing::warn!(%error, "what the server told is not kept");
                }
                self.heart.hurry();
            }
            _ if claim.ending => self.unclaim().await,
            _ => {
                let problem = problem.as_ref().map(outbox::notice);
                let (session_id, waiting) = (claim.session.id, self.waiting());
                self.lose(Ended::Quarantined { session_id, problem, waiting }).await;
            }
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

fn is_nowhere(notice: &Notice) -> bool {
    matches!(notice.code, Code::NotFound | Code::MethodNotAllowed)
}

fn unreadable(entry: &Entry, error: &serde_json::Error) {
    tracing::error!(%error, action.seq = entry.seq, "an entry that can't be read is set aside");
}
