//! What the office says to this kiosk: messages for whoever stands here, and what the kiosk is set up as.

use super::{Heard, Landed, Owner};
use crate::client::CallError;
use crate::store::Identity;
use crate::view::LinkState;
use millrace_protocol::MessageId;
use millrace_protocol::floor::Message;
use millrace_protocol::stream::KioskConfig;
use serde::{Deserialize, Serialize};

/// The name under which it is kept what the office has still to hear.
pub(super) const WORDS: &str = "words";

/// What the office hears of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Word {
    /// It is on the screen.
    Shown,
    /// Somebody has read it.
    Confirmed,
}

impl Owner {
    /// All that nobody here has confirmed.
    pub(super) fn hear_messages(&mut self, messages: Vec<Message>) {
        self.messages.clear();
        for message in messages {
            self.hear_message(message);
        }
    }

    /// One that was sent, shown or confirmed, here or at another tab of this kiosk.
    pub(super) fn hear_message(&mut self, message: Message) {
        let newer = |known: &Message| known.id == message.id && known.version > message.version;
        if self.messages.iter().any(newer) {
            return;
        }
        self.messages.retain(|known| known.id != message.id);
        if message.confirmed_at.is_some() || self.words.contains(&(message.id, Word::Confirmed)) {
            return;
        }
        // What is in the view is on the screen.
        if message.shown_at.is_none() && !self.words.contains(&(message.id, Word::Shown)) {
            self.words.push_back((message.id, Word::Shown));
        }
        self.messages.push(message);
        self.messages.sort_by_key(|message| (message.sent_at, message.id));
    }

    /// Somebody has read it. It is off the screen at once, and stays off it after a restart; the office hears of it as
    /// soon as it can be reached.
    pub(super) async fn confirm(&mut self, id: MessageId) {
        if self.messages.iter().any(|message| message.id == id) {
            self.messages.retain(|message| message.id != id);
            self.words.push_back((id, Word::Confirmed));
            self.keep_words().await;
        }
    }

    async fn keep_words(&mut self) {
        let kept = self.store.remember(WORDS, &self.words, self.clock.now()).await;
        // Said already; it is off this screen all the same.
        drop(self.wrote(kept));
    }

    /// Says the next of what the office has to hear.
    pub(super) fn tell_the_office(&mut self) {
        let (false, LinkState::Online) = (self.telling, self.link.state) else { return };
        let (Ok(client), Some((message, word))) = (self.client(), self.words.front().copied()) else { return };
        self.telling = true;
        self.flights.spawn(async move {
            let result = match word {
                Word::Shown => client.message_shown(message).await,
                Word::Confirmed => client.message_confirmed(message).await,
            };
            Landed::Told { message, word, result }
        });
    }

    pub(super) async fn office_told(&mut self, message: MessageId, word: Word, result: &Result<(), CallError>) {
        self.telling = false;
        // Without an answer it is said again once there is a link; a refusal will not become a yes.
        if result.as_ref().map_or_else(CallError::is_answer, |()| true) {
            self.words.retain(|waiting| *waiting != (message, word));
            if word == Word::Confirmed {
                self.keep_words().await;
            }
        }
        self.heard(Heard::of(result));
    }

    /// What this kiosk is set up as: its name, and the station it stands at.
    pub(super) async fn hear_config(&mut self, config: KioskConfig) {
        let Some(enrolment) = &mut self.enrolment else { return };
        let told = Identity { kiosk_name: config.name, station_id: config.station_id, ..enrolment.identity.clone() };
        // A server of an earlier version says nothing of it.
        if told.kiosk_name.is_empty() || told == enrolment.identity {
            return;
        }
        enrolment.identity = told.clone();
        if let Err(error) = self.store.enrolled(&told).await {
            tracing::warn!(%error, "what this kiosk is set up as is not kept");
        }
    }
}
