//! What one kiosk has to be told: that another instance took its session, that its session was closed, changed or is
//! back, what a supervisor writes to it, that it is set up otherwise.
//!
//! It does not tell a kiosk that it opened or took over a session; so snapshot and events are no complete account, and
//! each connection takes a snapshot of its own. What a kiosk's own actions changed is told with the rest: the row says
//! by its version what is newer, and to tell whose doing a change was would be a rule of its own.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::{Pair, Row};
use millrace_domain::storage::{OfKiosk, Result};
use millrace_protocol::KioskId;
use millrace_protocol::floor::Message;
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::stream::{
    ConfigChanged, KioskConfig, KioskSeen, MessageTold, SessionChanged, SessionClosed, SessionTransferred,
};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct Kiosk(pub(super) KioskId);

#[derive(Serialize)]
struct Members {
    session: Option<Session>,
    epoch: Option<u32>,
    messages: Vec<Message>,
    config: KioskConfig,
}

#[async_trait]
impl View for Kiosk {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        let snapshot = hub.log.of_kiosk(self.0).await?;
        let OfKiosk { session, messages, config } = snapshot.rows;
        let (session, epoch) = session.map(|(session, claimant)| (session, claimant.epoch)).unzip();
        Ok(Taken::new(snapshot.offset, &Members { session, epoch, messages, config }))
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let offset = change.offset;
        match &change.row {
            // Also when the new owner is another tab of this kiosk: the epoch tells each tab whether it lost.
            Row::Claims { old: Some(old), new } if old.kiosk == self.0 => vec![Event::new(
                "session_transferred",
                &SessionTransferred {
                    offset,
                    session_id: new.session,
                    epoch: new.epoch,
                    kiosk_name: new.kiosk_name.clone(),
                    at: new.since,
                },
            )],
            Row::Sessions { old: Some(old), new, owner: Some(owner), closer }
                if *owner == self.0 && old.status == SessionStatus::Active && new.status != SessionStatus::Active =>
            {
                vec![Event::new(
                    "session_closed",
                    &SessionClosed {
                        provisional: new.provisional,
                        offset,
                        session_id: new.id,
                        reason: new.close_reason,
                        by: closer.as_ref().map(|closer| closer.by.clone()),
                        note: closer.as_ref().map(|closer| closer.note.clone()),
                        at: new.ended_at.unwrap_or(change.at),
                    },
                )]
            }
            Row::Sessions { old: Some(_), new, owner: Some(owner), .. }
                if *owner == self.0 && new.status == SessionStatus::Active =>
            {
                vec![Event::new("session_update", &SessionChanged { offset, session: (**new).clone() })]
            }
            Row::Messages(Pair { new: Some(new), .. }) if new.kiosk_id == self.0 => {
                vec![Event::new("message", &MessageTold { offset, message: (**new).clone() })]
            }
            Row::Kiosks(Pair { old: Some(old), new: Some(new) }) if new.id == self.0 => {
                let config = |kiosk: &KioskSeen| KioskConfig { name: kiosk.name.clone(), station_id: kiosk.station_id };
                // Its own contact is nothing it has to be told.
                let (old, config) = (config(old), config(new));
                if old == config { Vec::new() } else { vec![Event::new("config", &ConfigChanged { offset, config })] }
            }
            _ => Vec::new(),
        }
    }

    fn complete(&self) -> bool {
        false
    }
}
