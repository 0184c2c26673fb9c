//! Who stands here, while the server can't be asked: a worker whom the provisions name, by his code or a badge; one
//! with a PIN only if this kiosk has once heard it and the server said that it was right.
//!
//! The view says that the server has not been asked. Once it can be, it is, with what was typed.

use super::{Heard, Landed, Owner, Reply, Since};
use crate::client::{CALL_LIMIT, CallError};
use crate::engine::CommandError;
use crate::view::LinkState;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use millrace_protocol::provisions::ProvidedWorker;
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::{Worker, WorkerLogin, WorkerSignedIn};
use millrace_protocol::{Code, WorkerId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Memory of a PIN's hash, in KiB: 19 MiB and two passes, the smaller choice of OWASP's "Password Storage" sheet. A
/// kiosk is no server.
const HASH_MEMORY: u32 = 19 * 1024;
/// Passes over it.
const HASH_PASSES: u32 = 2;
/// So many wrong PINs are forgiven.
const FORGIVEN: u32 = 5;
/// Then this long is waited, twice as long each time.
const WAIT_MS: i64 = 30_000;
/// And never longer than this.
const WAIT_MAX_MS: i64 = 15 * 60_000;
/// How long a server that gave no verdict is left alone.
const AGAIN: Duration = Duration::from_secs(30);

/// Wrong PINs of a worker at this kiosk. On the disk, so that a restart forgives nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Guesses {
    wrong: u32,
    /// Nothing is looked at before, on this device's clock.
    not_before: Option<Timestamp>,
}

impl Guesses {
    /// One more, made now.
    fn one_more(self, now: Timestamp) -> Self {
        let wrong = self.wrong.saturating_add(1);
        let wait = wrong.checked_sub(FORGIVEN).map(|over| WAIT_MS.saturating_mul(1 << over.min(16)).min(WAIT_MAX_MS));
        Self { wrong, not_before: wait.map(|wait| now.plus_millis(wait)) }
    }

    /// Whether it is to be waited. A clock that was set back makes nobody wait longer than the longest wait.
    fn wait(self, now: Timestamp) -> bool {
        self.not_before.is_some_and(|until| now < until && until.millis_since(now) <= WAIT_MAX_MS)
    }
}

fn pin_of(worker: WorkerId) -> String {
    format!("pin:{worker}")
}

fn guesses_of(worker: WorkerId) -> String {
    format!("guesses:{worker}")
}

/// How PINs are hashed; nothing where the machine has no such memory.
fn hasher() -> Option<Argon2<'static>> {
    let limits = Params::new(HASH_MEMORY, HASH_PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, limits))
}

/// What is kept of a PIN: nothing that gives it away. Takes tens of milliseconds.
fn verifier(pin: &str) -> Option<String> {
    Some(hasher()?.hash_password(pin.as_bytes()).ok()?.to_string())
}

/// Whether this is the PIN. Takes tens of milliseconds.
fn verifies(pin: &str, verifier: &str) -> bool {
    let Some(hasher) = hasher() else { return false };
    PasswordHash::new(verifier).is_ok_and(|parsed| hasher.verify_password(pin.as_bytes(), &parsed).is_ok())
}

/// The worker whom this names, as the server would find him: a badge first, then a code.
fn named<'w>(workers: &'w [ProvidedWorker], typed: &str) -> Option<&'w ProvidedWorker> {
    let typed = typed.trim();
    let digest = hex::encode(Sha256::digest(typed.as_bytes()));
    let by_badge = workers.iter().find(|known| known.badges.iter().any(|badge| badge.eq_ignore_ascii_case(&digest)));
    by_badge.or_else(|| workers.iter().find(|known| known.worker.code == typed))
}

fn unknown() -> CommandError {
    // The server's own words: nobody is to learn which of the two it was.
    CommandError::refused(Code::Unauthenticated, "Unknown worker code or badge, or wrong PIN. Try again.")
}

impl Owner {
    /// Whether this kiosk can tell workers by itself.
    pub(super) fn knows_workers(&self) -> bool {
        self.enrolment.is_some() && self.provisions.as_ref().is_some_and(|it| it.station.is_some())
    }

    /// Signs a worker in without the server.
    pub(super) async fn recognise(&mut self, login: WorkerLogin, reply: Reply<()>) {
        match self.looked_up(&login).await {
            Err(error) => self.reply(reply, Err(error)),
            Ok((worker, None)) => self.recognised(worker, login, true, reply).await,
            Ok((worker, Some(verifier))) => {
                let pin = login.pin.clone().unwrap_or_default();
                self.flights.spawn(async move {
                    let right = tokio::task::spawn_blocking(move || verifies(&pin, &verifier)).await.unwrap_or(false);
                    Landed::Recognised { worker, login, right, reply }
                });
            }
        }
    }

    /// Who it is, and by what his PIN is told, where he has one.
    async fn looked_up(&mut self, login: &WorkerLogin) -> Result<(Worker, Option<String>), CommandError> {
        let typed = login.badge.as_deref().or(login.worker_code.as_deref()).unwrap_or_default();
        let workers = self.provisions.as_ref().map(|provisions| provisions.workers.as_slice()).unwrap_or_default();
        let known = named(workers, typed).ok_or_else(unknown)?.clone();
        if !known.has_pin {
            return Ok((known.worker, None));
        }
        let guesses: Guesses = self.store.recall(&guesses_of(known.worker.id)).await?.unwrap_or_default();
        if guesses.wait(self.clock.now()) {
            let what = "Too many wrong PINs. Wait a while, then try again.";
            return Err(CommandError::refused(Code::RateLimited, what));
        }
        let verifier: Option<String> = self.store.recall(&pin_of(known.worker.id)).await?;
        let never = "The server can't be reached, and this kiosk has not heard your PIN before. Ask your supervisor.";
        let verifier = verifier.ok_or_else(|| CommandError::refused(Code::Unavailable, never))?;
        if login.pin.as_deref().unwrap_or_default().is_empty() {
            return Err(unknown());
        }
        Ok((known.worker, Some(verifier)))
    }

    pub(super) async fn recognised(&mut self, worker: Worker, login: WorkerLogin, right: bool, reply: Reply<()>) {
        let outcome = self.let_in(worker, login, right).await;
        self.reply(reply, outcome);
    }

    async fn let_in(&mut self, worker: Worker, login: WorkerLogin, right: bool) -> Result<(), CommandError> {
        let (name, now) = (guesses_of(worker.id), self.clock.now());
        if !right {
            let guesses: Guesses = self.store.recall(&name).await?.unwrap_or_default();
            let counted = self.store.remember(&name, &guesses.one_more(now), now).await;
            self.wrote(counted)?;
            return Err(unknown());
        }
        self.forget(&name).await;
        let kept = self.store.remember("unverified", &true, now).await;
        self.wrote(kept)?;
        self.store.remember("worker", &worker, now).await?;
        self.worker = Some(worker);
        self.unverified = true;
        self.typed = Some(login);
        self.verify_due = Duration::ZERO;
        self.resumable = None;
        self.provisional = None;
        self.touched = Some(self.clock.monotonic());
        Ok(())
    }

    /// The server said that this was his PIN: from now on he is known by it without the server, too.
    pub(super) fn learn_pin(&mut self, worker: WorkerId, pin: Option<String>) {
        let Some(pin) = pin.filter(|pin| !pin.is_empty()) else { return };
        let (store, now) = (self.store.clone(), self.clock.now());
        self.flights.spawn(async move {
            if let Ok(Some(verifier)) = tokio::task::spawn_blocking(move || verifier(&pin)).await
                && let Err(error) = store.remember(&pin_of(worker), &verifier, now).await
            {
                tracing::warn!(%error, "a PIN will not be known without the server");
            }
            Landed::Done
        });
    }

    /// The server can be asked again: it hears what was typed while it was away.
    pub(super) fn verify(&mut self) {
        let wanted = self.unverified && !self.verifying && self.link.state == LinkState::Online;
        if !wanted || self.clock.monotonic() < self.verify_due {
            return;
        }
        let (Ok(client), Some(worker)) = (self.client(), &self.worker) else { return };
        let code = WorkerLogin { worker_code: Some(worker.code.clone()), badge: None, pin: None };
        let (login, worker) = (self.typed.clone().unwrap_or(code), worker.id);
        self.verifying = true;
        let since = self.since();
        self.flights.spawn(async move {
            let result = Box::new(client.sign_in(&login, CALL_LIMIT).await);
            Landed::Verified { worker, since, login, result }
        });
    }

    pub(super) async fn verified(
        &mut self,
        worker: WorkerId,
        since: Since,
        login: WorkerLogin,
        result: Result<WorkerSignedIn, CallError>,
    ) {
        self.verifying = false;
        self.verify_due = self.clock.monotonic() + AGAIN;
        // Somebody else may stand here by now.
        if self.worker.as_ref().map(|own| own.id) != Some(worker) || !self.unverified {
            return self.heard(Heard::of(&result));
        }
        let refused = result.as_ref().err().and_then(CallError::code) == Some(Code::Unauthenticated);
        let touched = self.touched;
        if let Err(error) = self.signed_in(since, login, result).await {
            tracing::info!(%error, "a sign-in without the server is not confirmed");
        }
        self.touched = touched;
        // What runs goes on: its actions need no sign-in. Otherwise he is asked again who he is.
        if refused && self.claim.as_ref().is_none_or(|claim| claim.ending) {
            self.typed = None;
            self.not_signed_in();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn worker(code: &str, badges: &[&str]) -> ProvidedWorker {
        let id = WorkerId(Uuid::from_u128(u128::from(code.as_bytes()[0])));
        let badges = badges.iter().map(|badge| hex::encode(Sha256::digest(badge.as_bytes()))).collect();
        let worker = Worker { id, code: code.into(), name: code.into(), language: "en".into() };
        ProvidedWorker { worker, has_pin: false, badges, outside_assignment: false }
    }

    #[test]
    fn a_badge_goes_before_a_code_and_neither_is_guessed_at() {
        let workers = [worker("A1", &["B1"]), worker("B1", &[])];
        let found = |typed| named(&workers, typed).map(|known| known.worker.code.as_str());
        assert_eq!(found(" B1 "), Some("A1"), "what a reader types is trimmed");
        assert_eq!((found("A1"), found("a1"), found("")), (Some("A1"), None, None));
    }

    #[test]
    fn after_five_wrong_pins_each_one_more_is_waited_for() {
        let now = Timestamp::from_millis(1_000_000);
        let mut guesses = Guesses::default();
        for _ in 0..4 {
            guesses = guesses.one_more(now);
            assert!(!guesses.wait(now));
        }
        for wait in [30, 60, 120, 240, 480, 900, 900] {
            guesses = guesses.one_more(now);
            assert!(guesses.wait(now.plus_millis(wait * 1000 - 1)) && !guesses.wait(now.plus_millis(wait * 1000)));
        }
        assert!(!guesses.wait(Timestamp::from_millis(0)), "a clock that was set back locks nobody out");
    }

    #[test]
    fn a_verifier_knows_its_pin_and_no_other() {
        let kept = verifier("4711").expect("memory for a hash");
        assert!(verifies("4711", &kept) && !verifies("4712", &kept) && !verifies("4711", "no verifier"));
        assert_ne!(verifier("4711").expect("memory for a hash"), kept, "each has a salt of its own");
    }
}
