//! What the kiosk's own stream tells.
//!
//! The stream is quick, the heartbeat is sure: what only the stream says and the heartbeat can confirm
//! makes the heart beat at once.

use super::Owner;
use crate::stream::{StreamMessage, StreamState};
use crate::view::{Ended, LinkState};
use millrace_protocol::Code;
use millrace_protocol::session::CloseReason;
use millrace_protocol::stream::{
    ConfigChanged, KioskInitial, MessageTold, SessionChanged, SessionClosed, SessionTransferred,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Owner {
    pub(super) async fn hear(&mut self, message: StreamMessage) {
        match message {
            StreamMessage::State { state, .. } => self.hear_state(state),
            StreamMessage::Refused { problem } if problem.code == Code::Unauthenticated => {
                self.turn(LinkState::Refused);
            }
            StreamMessage::Refused { .. } => self.online(),
            StreamMessage::Event { name, data, .. } => match name.as_str() {
                "initial" => self.hear_initial(read(&name, data)).await,
                "session_update" => self.hear_update(read(&name, data)).await,
                "session_transferred" => self.hear_transferred(read(&name, data)).await,
                "message" => {
                    if let Some(MessageTold { message, .. }) = read(&name, data) {
                        self.hear_message(message);
                    }
                }
                "config" => {
                    if let Some(ConfigChanged { config, .. }) = read(&name, data) {
                        self.hear_config(config).await;
                    }
                }
                "session_closed" => self.hear_closed(read(&name, data)).await,
                // Heartbeats say nothing but that the stream lives; names of a later version say nothing to us.
                _ => {}
            },
        }
    }

    fn hear_state(&mut self, state: StreamState) {
        self.stream_live = state == StreamState::Live;
        // Whatever answers next may be a server that was restored meanwhile.
        self.greeted &= state != StreamState::Stale;
        match state {
            StreamState::Connecting => {}
            StreamState::Live | StreamState::Polling => self.online(),
            StreamState::Stale if self.beating() => self.heart.hurry(),
            StreamState::Stale => self.turn(LinkState::Offline),
        }
    }

    async fn hear_initial(&mut self, initial: Option<KioskInitial>) {
        let Some(mut initial) = initial else { return };
        self.hear_messages(std::mem::take(&mut initial.messages));
        self.hear_config(std::mem::take(&mut initial.config)).await;
        let Some(claim) = self.claim.clone() else { return };
        let same = initial.session.as_ref().is_some_and(|session| session.id == claim.session.id)
            && initial.epoch == Some(claim.epoch);
        match initial.session {
            Some(session) if same => {
                self.take_session(session);
                if let Some(claim) = &self.claim
                    && let Err(error) = self.store.told(claim).await
                {
                    tracing::warn!(%error, "what the server told is not kept");
                }
            }
            _ => self.heart.hurry(),
        }
    }

    /// The server changed the session by itself: it asks whether somebody is still there.
    async fn hear_update(&mut self, told: Option<SessionChanged>) {
        let Some(told) = told else { return };
        self.take_session(told.session);
        if let Some(claim) = &self.claim
            && let Err(error) = self.store.told(claim).await
        {
            tracing::warn!(%error, "what the server told is not kept");
        }
    }

    async fn hear_transferred(&mut self, told: Option<SessionTransferred>) {
        let (Some(told), Some(claim)) = (told, &self.claim) else { return };
        // Told again after a reconnect, or about our own claim.
        if told.session_id != claim.session.id || told.epoch <= claim.epoch {
            return;
        }
        let waiting = self.waiting();
        self.lose(Ended::Transferred {
            session_id: told.session_id,
            kiosk_name: Some(told.kiosk_name),
            at: Some(told.at),
            waiting,
        })
        .await;
    }

    async fn hear_closed(&mut self, told: Option<SessionClosed>) {
        let (Some(told), Some(claim)) = (told, &self.claim) else { return };
        // Our own end, or our own handover: its answer is on the way.
        if told.session_id != claim.session.id || claim.ending || self.claiming {
            return;
        }
        if told.provisional || told.reason == Some(CloseReason::Idle) {
            // Perhaps only for want of contact; what waits here may bring it back.
            return self.heart.hurry();
        }
        let waiting = self.waiting();
        let (session_id, reason, at) = (told.session_id, told.reason, Some(told.at));
        let (by, note) = (told.by, told.note);
        self.lose(Ended::Closed { session_id, reason, by, note, at, problem: None, waiting }).await;
    }
}

/// An event's data; one that can't be read is of another version, and the heartbeat goes on without it.
fn read<T: DeserializeOwned>(name: &str, data: Value) -> Option<T> {
    serde_json::from_value(data).inspect_err(|error| tracing::warn!(%error, event = name, "not understood")).ok()
}
