//! A session that the server closed for want of contact, and how it comes back.

use super::Owner;
use crate::outbox::notice;
use crate::store::{By, Claim, Draft, Entry, Kind, Settled};
use crate::view::Ended;
use millrace_protocol::Problem;
use millrace_protocol::session::{CloseReason, Session, SessionStatus};
use serde_json::json;

impl Owner {
    /// The server says that it is closed, and that this kiosk may bring it back: what waits here does it by itself, so
    /// it goes first. Where nothing waits, an entry says no more than that the session goes on.
    pub(super) async fn bring_back(&mut self, claim: &Claim) {
        if self.queue.iter().any(|entry| entry.draft.session == claim.session.id) {
            return;
        }
        let session = &claim.session;
        let draft = Draft {
            kind: Kind::Reopen,
            path: "/api/sessions/reopen".to_owned(),
            request: json!({"sessionId": session.id}).to_string(),
            session: session.id,
            instance: claim.instance,
            epoch: claim.epoch,
            wall_at: self.clock.now(),
            boot_id: self.boot.id(),
            boot_ms: self.boot.millis(),
            running: Some(self.running),
            undoes: None,
            opens: None,
            by: Some(By {
                id: session.worker_id,
                code: session.worker_code.clone(),
                name: session.worker_name.clone(),
            }),
        };
        let saved = self.store.append(draft).await;
        // Without a disk there is no number; the next heartbeat asks for one again.
        let Ok(entry) = self.wrote(saved) else { return };
        tracing::info!(session.id = %entry.draft.session, "the session was closed for want of contact: it is brought back");
        self.queue.push_back(entry);
        self.sender.hurry();
    }

    /// It does not come back: somebody stands in its way, or it had ended for good.
    pub(super) async fn not_brought_back(&mut self, claim: &Claim, problem: Option<&Problem>) {
        let ended = problem.and_then(|problem| self.ended_by(claim, problem));
        let ended = ended.unwrap_or_else(|| Ended::Closed {
            session_id: claim.session.id,
            reason: Some(CloseReason::Idle),
            by: None,
            note: None,
            at: claim.session.last_contact_at,
            problem: problem.map(notice),
            waiting: self.waiting(),
        });
        self.lose(ended).await;
    }

    /// An answer to an action of this kiosk carries a session that is open, and nothing is owned here: the action has
    /// brought it back, and it is owned as it was.
    pub(super) async fn own_again(&mut self, entry: &Entry, how: Settled, session: Option<&Session>) {
        let Some(session) = session.filter(|session| session.id == entry.draft.session) else { return };
        let open = how == Settled::Applied && session.status == SessionStatus::Active;
        if !open || self.claim.is_some() || self.claiming || entry.draft.kind.ends() || entry.draft.kind.opens() {
            return;
        }
        let ends = |waiting: &Entry| waiting.draft.session == session.id && waiting.draft.kind.ends();
        let claim = Claim {
            instance: entry.draft.instance,
            epoch: entry.draft.epoch,
            session: session.clone(),
            status_event: None,
            ending: self.queue.iter().any(ends),
        };
        let kept = self.store.claimed(&claim).await;
        if self.wrote(kept).is_err() {
            return;
        }
        let station = claim.session.station_id;
        self.claim = Some(claim);
        self.ended = None;
        self.forget("ended").await;
        self.heart.hurry();
        self.stock_up(station);
    }
}
