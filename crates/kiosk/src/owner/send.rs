//! The outbox's one sender: in order, one at a time, the same bytes until there is an answer.

use super::{Heard, Landed, Owner};
use crate::client::CallError;
use crate::outbox::{self, HOLD, Verdict};
use crate::store::{Entry, Settled};
use crate::view::{ActionState, LastAction, LinkState, Notice};
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::session::Session;
use millrace_protocol::{Code, Problem};

impl Owner {
    pub(super) async fn send(&mut self) {
        let (Ok(client), Some(front)) = (self.client(), self.queue.front().cloned()) else { return };
        let body = match self.frozen(&front).await {
            Ok(body) => body,
            Err(notice) => return self.stuck(notice),
        };
        if let Some(entry) = self.queue.front_mut() {
            entry.body = Some(body.clone());
        }
        self.sender.flying = true;
        self.flights.spawn(async move {
            let result = Box::new(client.act(&front.draft.path, body).await);
            Landed::Sent { id: front.id, result }
        });
    }

    /// The bytes of an entry: those of its first sending, or new ones that are on the disk before they are sent.
    async fn frozen(&self, entry: &Entry) -> Result<String, Notice> {
        if let Some(body) = &entry.body {
            return Ok(body.clone());
        }
        let body = outbox::compose(entry, self.offset, self.boot.id()).map_err(|error| {
            tracing::error!(%error, action.seq = entry.seq, "an entry that can't be read");
            Notice { code: Code::Internal, detail: "An action on this kiosk's disk can't be read.".into() }
        })?;
        self.store.freeze(entry.id, &body).await.map_err(|error| disk(&error))?;
        Ok(body)
    }

    fn stuck(&mut self, notice: Notice) {
        self.hold = Some(notice);
        self.sender.due = self.clock.monotonic() + HOLD;
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
        match verdict {
            Verdict::Ended { how, answer, problem } => {
                let kept = match (&answer, &problem) {
                    (Some(answer), _) => serde_json::to_string(answer),
                    (None, problem) => serde_json::to_string(problem),
                };
                let kept = kept.unwrap_or_default();
                if let Err(error) = self.store.settle(id, how, &kept, self.clock.now()).await {
                    // It still waits on the disk; the same bytes get the same answer.
                    return self.stuck(disk(&error));
                }
                self.queue.pop_front();
                self.hold = None;
                self.sender.backoff.succeeded();
                self.settled(&entry, how, answer.map(|answer| *answer), problem.map(|problem| *problem)).await;
            }
            Verdict::Renumber(last_seq) => {
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
            Verdict::Hold(notice) => self.stuck(notice),
            Verdict::Again(retry_after) => {
                self.hold = None;
                let wait = match retry_after {
                    Some(named) => self.sender.backoff.failed_until(named, &*self.chance),
                    None => self.sender.backoff.failed(&*self.chance),
                };
                self.sender.due = now + wait;
            }
        }
    }

    /// What an answer changes here.
    async fn settled(&mut self, entry: &Entry, how: Settled, answer: Option<ActionAnswer>, problem: Option<Problem>) {
        let state = match how {
            Settled::Applied => ActionState::Applied,
            Settled::Late => ActionState::Late,
            Settled::Quarantined => ActionState::Quarantined,
            Settled::Refused => ActionState::Refused,
        };
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
    Notice { code: Code::Unavailable, detail: "This kiosk's disk can't be written. Tell your supervisor.".into() }
}
