//! The heartbeat: at once after a claim, a start and a wake, then as often as the server wants it.

use super::{Landed, Owner, Since};
use crate::backoff::jittered;
use crate::client::CallError;
use crate::store::{Claim, Moment};
use crate::view::LinkState;
use millrace_protocol::Code;
use millrace_protocol::session::{HeartbeatAnswer, HeartbeatRequest};
use std::time::Duration;

/// The longest wait after a heartbeat that was not answered: one interval, so that a short cut is no lost contact.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// The longest interval a server can ask for. Beyond it the session would be closed for want of contact.
const SELDOM: Duration = Duration::from_secs(120);
/// How long the last goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

impl Owner {
    /// Whether there is a session to beat for. One that was ended here wants no more of it, and of one that was opened
    /// here the server has to hear first.
    pub(super) fn beating(&self) -> bool {
        self.claim.as_ref().is_some_and(|claim| !claim.ending && !self.is_unsent(claim))
    }

    /// Whether there is something to send now. After an outage the heart goes first: a session that is being closed is
    /// worse than an entry that comes a second later.
    pub(super) fn sending(&self) -> bool {
        !self.queue.is_empty() && (!self.heart_first || !self.beating())
    }

    pub(super) fn beat(&mut self) {
        let (Ok(client), Some(claim)) = (self.client(), self.claim.clone()) else { return };
        self.heart.flying = true;
        let since = self.since();
        let request = request(&claim, false);
        self.flights.spawn(async move {
            let result = client.heartbeat(&request).await;
            Landed::Beat { claim: Box::new(claim), since, result }
        });
    }

    pub(super) async fn beaten(&mut self, claim: &Claim, since: Since, result: Result<HeartbeatAnswer, CallError>) {
        let now = self.clock.monotonic();
        match result {
            Ok(answer) => {
                self.heart.backoff.succeeded();
                self.heart_first = false;
                let interval = Duration::from_millis(answer.lease.next_ms).clamp(Duration::from_secs(1), SELDOM);
                self.heart.landed(now + jittered(interval, &*self.chance));
                self.learn(answer.server_time, since).await;
                if let Err(error) = self.seen(answer.last_seq, since).await {
                    tracing::warn!(%error, "the server's last number is not kept");
                }
                self.online_after_beat();
            }
            Err(error) => {
                let wait = self.heart.failed(error.retry_after(), now, &*self.chance);
                self.heart.landed(now + wait);
                self.unbeaten(claim, &error).await;
            }
        }
    }

    /// The first answer after a silence was to a heartbeat: the next one is due in its own time.
    fn online_after_beat(&mut self) {
        let due = self.heart.due;
        self.online();
        self.heart.due = due;
    }

    async fn unbeaten(&mut self, claim: &Claim, error: &CallError) {
        let CallError::Problem { problem, .. } = error else { return self.turn(LinkState::Offline) };
        if problem.code == Code::Unauthenticated {
            return self.turn(LinkState::Refused);
        }
        // It has no time for hearts, so it has none for entries. Anything else is a verdict.
        self.heart_first &= matches!(problem.status, 429 | 503);
        self.online_after_beat();
        // The answer may be about a claim that is history by now.
        let current = self.claim.as_ref().filter(|own| own.instance == claim.instance && own.epoch == claim.epoch);
        if current.is_none_or(|own| own.ending || self.is_unsent(own)) || self.claiming || self.recalled {
            return;
        }
        // A server that was restored has forgotten it, perhaps, and gets it again once it has said what it has.
        if problem.code == Code::SessionNotFound && !self.greeted {
            return self.greet();
        }
        let provisional = problem.extra.get("provisional").and_then(serde_json::Value::as_bool) == Some(true);
        // For want of an answer: a kiosk that nobody touches has none. What was tapped is one, and brings it back.
        let forgotten = problem.extra.get("reason").is_some_and(|reason| reason == "forgotten");
        let waits = self.queue.iter().any(|entry| entry.draft.session == claim.session.id);
        if provisional && (waits || !forgotten) {
            return self.bring_back(claim).await;
        }
        if let Some(ended) = self.ended_by(claim, problem) {
            self.lose(ended).await;
        }
    }

    /// The machine slept, or its clock was set: the lease is in doubt, and so is every connection.
    pub(super) fn woke(&mut self, slept: bool) {
        if slept {
            // What the machine did meanwhile nobody here has seen.
            self.running = Moment { wall_at: self.clock.now(), boot_ms: self.boot.millis() };
        }
        self.heart_first = true;
        self.heart.not_before = Duration::ZERO;
        self.sender.not_before = Duration::ZERO;
        tracing::info!("the clock jumped: the server is asked at once");
        self.heart.backoff.succeeded();
        self.heart.hurry();
        self.sender.backoff.succeeded();
        self.sender.hurry();
        // Ten seconds may have passed, or an hour.
        self.undoable = None;
        self.greeted = false;
        self.wall_clock_jumped();
        if let Some(enrolment) = &self.enrolment {
            enrolment.reader.reconnect();
        }
    }

    /// The window closes: contact is lost at once, so that nobody waits for a kiosk that was switched off.
    pub(super) async fn say_goodbye(&mut self) {
        let (Ok(client), Some(claim)) = (self.client(), self.claim.as_ref().filter(|claim| !claim.ending)) else {
            return;
        };
        let request = request(claim, true);
        tokio::select! {
            said = client.goodbye(&request, GOODBYE) => {
                if let Err(error) = said {
                    tracing::debug!(%error, "no goodbye");
                }
            }
            () = self.clock.sleep(GOODBYE) => {}
        }
    }
}

fn request(claim: &Claim, closing: bool) -> HeartbeatRequest {
    HeartbeatRequest { session_id: claim.session.id, instance_id: claim.instance, epoch: Some(claim.epoch), closing }
}
