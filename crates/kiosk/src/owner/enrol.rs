//! Which kiosk this is, and who stands at it.

use super::{Enrolment, Heard, Landed, Owner, Reply, Since};
use crate::client::kiosk::KIOSK_STREAM;
use crate::client::{CALL_LIMIT, CallError, Client};
use crate::engine::CommandError;
use crate::store::Identity;
use crate::stream::{Reader, Source};
use crate::view::LinkState;
use millrace_protocol::Code;
use millrace_protocol::access::Enrolled;
use millrace_protocol::worker::{WorkerLogin, WorkerSignedIn};
use std::time::Duration;

/// How long a worker waits for a server that was away a moment ago, where this kiosk can tell him, or begin, by itself.
pub(super) const IMPATIENCE: Duration = Duration::from_secs(2);

impl Owner {
    /// Takes up an identity that is on the disk already.
    pub(super) fn enrol_as(&mut self, identity: Identity) -> Result<(), CallError> {
        let client = Client::new(&identity.server_url, Some(&identity.token))?;
        let source = Source {
            client: client.clone(),
            path: KIOSK_STREAM.into(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        };
        let reader = Reader::start(source, self.tell.clone());
        self.enrolment = Some(Enrolment { identity, client, reader });
        self.stream_live = false;
        self.greeted = false;
        self.turn(LinkState::Connecting);
        self.heart.hurry();
        self.sender.hurry();
        self.larder.hurry();
        Ok(())
    }

    /// Nothing of the old kiosk may be left to send: its entries would reach the server under another name. Where the
    /// server does not know the old one any more they never will, and go to the supervisor under the new one.
    fn free_to_become(&self, identity: Option<&Identity>) -> Result<(), CommandError> {
        let same = self
            .enrolment
            .as_ref()
            .zip(identity)
            .is_some_and(|(enrolment, identity)| enrolment.identity.kiosk_id == identity.kiosk_id);
        let gone = self.link.state == LinkState::Refused;
        if same || gone || (self.claim.is_none() && self.queue.is_empty()) {
            return Ok(());
        }
        Err(CommandError::refused(
            Code::Conflict,
            "This kiosk has a session, or actions that were not sent yet. End the session and let them be sent first.",
        ))
    }

    pub(super) fn enroll(&mut self, server_url: &str, code: String, reply: Reply<()>) {
        let client = self.free_to_become(None).and_then(|()| Client::new(server_url, None).map_err(CommandError::from));
        match client {
            Err(error) => self.reply(reply, Err(error)),
            Ok(client) => {
                self.flights.spawn(async move {
                    let result = client.enroll(&code).await;
                    Landed::Enrolled { server_url: client.server_url().to_owned(), result, reply }
                });
            }
        }
    }

    pub(super) async fn enrolled(
        &mut self,
        server_url: String,
        result: Result<Enrolled, CallError>,
    ) -> Result<(), CommandError> {
        let enrolled = result?;
        let Some(token) = enrolled.token else {
            return Err(CallError::Foreign { status: 200, retry_after: None }.into());
        };
        self.adopt(Identity {
            server_url,
            kiosk_id: enrolled.kiosk_id,
            kiosk_name: enrolled.kiosk_name,
            token,
            station_id: enrolled.station_id,
        })
        .await
    }

    /// Becomes this kiosk, on the disk first.
    pub(super) async fn adopt(&mut self, identity: Identity) -> Result<(), CommandError> {
        if self.enrolment.as_ref().is_some_and(|enrolment| enrolment.identity == identity) {
            return Ok(());
        }
        self.free_to_become(Some(&identity))?;
        let another = self.enrolment.as_ref().is_none_or(|enrolment| enrolment.identity.kiosk_id != identity.kiosk_id);
        let kept = self.store.enrolled(&identity).await;
        self.wrote(kept)?;
        if another {
            self.claim = None;
            self.unverified = false;
            self.typed = None;
            self.provisions = None;
            self.undoable = None;
            self.statuses.clear();
            self.items.clear();
            self.queue = self.store.waiting().await?.into();
            self.recount().await;
            self.worker = None;
            self.resumable = None;
            self.provisional = None;
            self.messages.clear();
            self.words.clear();
            self.forget(super::office::WORDS).await;
            self.ended = None;
            self.last_action = None;
            self.hold = None;
            self.taken = 0;
        }
        self.enrol_as(identity)?;
        Ok(())
    }

    /// The server is asked in any case: that it was away a moment ago is no reason to let somebody in unasked. Where it
    /// was, nobody waits for it for long.
    pub(super) fn sign_in(&mut self, login: WorkerLogin, reply: Reply<()>) {
        match self.client() {
            Err(error) => self.reply(reply, Err(error)),
            Ok(client) => {
                let since = self.since();
                let away = self.link.state == LinkState::Offline && self.knows_workers();
                let limit = if away { IMPATIENCE } else { CALL_LIMIT };
                self.flights.spawn(async move {
                    let result = Box::new(client.sign_in(&login, limit).await);
                    Landed::SignedIn { since, login, result, reply }
                });
            }
        }
    }

    pub(super) async fn signed_in(
        &mut self,
        since: Since,
        login: WorkerLogin,
        result: Result<WorkerSignedIn, CallError>,
    ) -> Result<(), CommandError> {
        self.heard(Heard::of(&result));
        let signed_in = result?;
        self.learn(signed_in.server_time, since).await;
        self.seen(signed_in.last_seq, since).await?;
        let kept = self.store.remember("worker", &signed_in.worker, self.clock.now()).await;
        self.wrote(kept)?;
        self.learn_pin(signed_in.worker.id, login.pin);
        self.forget("unverified").await;
        self.unverified = false;
        self.typed = None;
        self.worker = Some(signed_in.worker);
        self.touched = Some(self.clock.monotonic());
        self.resumable = signed_in.active_session;
        self.provisional = signed_in.provisional_session;
        Ok(())
    }

    /// Signs out here at once; the server learns it when it can be reached, or by itself after a while.
    pub(super) async fn sign_out(&mut self) {
        self.recalled = false;
        self.resumable = None;
        self.provisional = None;
        let Some(worker) = self.worker.take() else { return };
        self.unverified = false;
        self.typed = None;
        self.forget("worker").await;
        self.forget("unverified").await;
        if let Ok(client) = self.client() {
            self.flights.spawn(async move { Landed::Heard(Heard::of(&client.sign_out(&worker.code).await)) });
        }
    }

    /// The server says that nobody is signed in here (any more): the screen asks for it again. On the disk the
    /// worker stays until the next sign-in; a restart would find out in the same way.
    pub(super) fn not_signed_in(&mut self) {
        self.worker = None;
        self.unverified = false;
        self.typed = None;
        self.resumable = None;
        self.provisional = None;
    }

    pub(super) async fn acknowledge_ended(&mut self) -> Result<(), CommandError> {
        self.store.forget("ended").await?;
        self.ended = None;
        self.sign_out().await;
        Ok(())
    }
}
