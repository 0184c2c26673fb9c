//! What the kiosk shows, made from what the owner knows.

use super::{Heard, Owner};
use crate::expected::{Known, on_top};
use crate::store::{Claim, Entry, Kind};
use crate::view::{KioskIdentity, KioskView, Link, LinkState, OwnSession, Provided};
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;

/// The view before anything is known.
pub(crate) fn nothing(now: Timestamp) -> KioskView {
    KioskView {
        kiosk: None,
        link: Link { state: LinkState::Connecting, since: now },
        waiting: 0,
        hold: None,
        disk: None,
        worker: None,
        unverified: false,
        resumable: None,
        provisional: None,
        session: None,
        ended: None,
        last_action: None,
        unsaid: vec![],
        undo: None,
        provisions: None,
        messages: vec![],
        server_offset_ms: 0,
    }
}

/// From so long a silence on, many kiosks are likely to come back together, in milliseconds.
const LONG_AWAY_MS: i64 = 60_000;

impl Owner {
    fn show(&self) -> KioskView {
        KioskView {
            kiosk: self.enrolment.as_ref().map(|enrolment| KioskIdentity {
                id: enrolment.identity.kiosk_id,
                name: enrolment.identity.kiosk_name.clone(),
                station_id: enrolment.identity.station_id,
                server_url: enrolment.identity.server_url.clone(),
            }),
            link: self.link.clone(),
            waiting: self.waiting(),
            hold: self.hold.clone(),
            disk: self.disk.clone(),
            worker: self.worker.clone(),
            unverified: self.worker.is_some() && self.unverified,
            resumable: self.resumable.clone().filter(|_| self.claim.is_none()),
            provisional: self.provisional.clone().filter(|_| self.claim.is_none()),
            session: self.own_session(),
            ended: self.ended.clone(),
            last_action: self.last_action.clone(),
            unsaid: self.unsaid.clone(),
            undo: self.undo_offer(),
            provisions: self.provided(),
            messages: self.messages.clone(),
            server_offset_ms: self.offset.millis,
        }
    }

    /// The session with what was tapped on top; one that was ended here is over for its worker.
    fn own_session(&self) -> Option<OwnSession> {
        let claim = self.claim.as_ref().filter(|claim| !claim.ending)?;
        let waits = |kind: fn(Kind) -> bool| {
            self.pending().any(|entry| kind(entry.draft.kind) && entry.draft.session == claim.session.id)
        };
        Some(OwnSession {
            session: self.expected(claim),
            epoch: claim.epoch,
            status_event: claim.status_event.clone().filter(|_| !waits(Kind::begins_event)),
            calling: waits(|kind| kind == Kind::Call),
            asking: waits(|kind| kind == Kind::Approval),
            unsent: self.is_unsent(claim),
        })
    }

    /// The session as it will be once what waits was applied.
    pub(super) fn expected(&self, claim: &Claim) -> Session {
        let boot = self.boot.id();
        let known = Known { statuses: &self.statuses, items: &self.items, offset: self.offset, boot: boot.as_deref() };
        on_top(&claim.session, self.pending(), known)
    }

    /// What waits and changes what is shown: not what is on its way to the supervisor, and not what the server had
    /// taken once, for that is in the session that it told.
    fn pending(&self) -> impl Iterator<Item = &Entry> {
        self.queue.iter().filter(|entry| !entry.again && entry.problem.is_none())
    }

    /// Whether a session was opened here, and what says so still waits.
    pub(super) fn is_unsent(&self, claim: &Claim) -> bool {
        self.queue.iter().any(|entry| entry.draft.opens == Some(claim.session.id))
    }

    /// What there is for when the server is away.
    fn provided(&self) -> Option<Provided> {
        let provisions = self.provisions.as_ref().filter(|provisions| provisions.station.is_some())?;
        Some(Provided { known_as_of: provisions.as_of, offline_start: provisions.offline_start })
    }

    pub(super) fn waiting(&self) -> u32 {
        u32::try_from(self.queue.len()).unwrap_or(u32::MAX)
    }

    /// Publishes the view where it changed, and only then replies.
    pub(super) fn publish(&mut self) {
        let view = self.show();
        self.view.send_if_modified(|shown| {
            let changed = *shown != view;
            if changed {
                *shown = view;
            }
            changed
        });
        for reply in self.replies.drain(..) {
            reply();
        }
    }

    /// What a call says about the link.
    pub(super) fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Answer => self.online(),
            Heard::NoWorker => {
                self.online();
                // Who signed in without the server is not known to it yet.
                if !self.unverified {
                    self.not_signed_in();
                }
            }
            Heard::Silence => self.turn(LinkState::Offline),
        }
    }

    /// The server answers. Where it had not, everything that waits for it is tried now.
    pub(super) fn online(&mut self) {
        if self.link.state == LinkState::Online {
            return;
        }
        let away = self.clock.now().millis_since(self.link.since);
        self.turn(LinkState::Online);
        // After a long silence all of a hall's kiosks hear the server again at once: each keeps its heart's own time,
        // which is spread already, and its entries wait for the heart.
        if away < LONG_AWAY_MS || !self.heart_first {
            self.heart.hurry();
        }
        self.sender.backoff.succeeded();
        self.sender.hurry();
        self.provide_soon();
        self.ask_again = true;
        if let Some(enrolment) = self.enrolment.as_ref().filter(|_| !self.stream_live) {
            enrolment.reader.reconnect();
        }
    }

    pub(super) fn turn(&mut self, state: LinkState) {
        if self.link.state != state {
            if state == LinkState::Offline {
                self.heart_first = true;
                self.greeted = false;
            }
            self.link = Link { state, since: self.clock.now() };
        }
    }
}
