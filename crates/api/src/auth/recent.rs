//! Logins and kiosks that were looked up a moment ago: a thousand boards that come back at once are one question.
//!
//! For opening streams, and nothing else: a stream that is opened on a right that has just ended is ended by the
//! hub, which knows of the end as soon as it is published. Whatever changes something asks the database each time.

use crate::error::ApiError;
use crate::state::App;
use millrace_domain::change::Holder;
use millrace_domain::storage::{KioskIdentity, Login, StorageError, TokenHash};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// For how long an answer is believed. Shorter than the hub remembers rights that ended.
const BELIEVED: Duration = Duration::from_secs(10);

/// What was answered: no value where nobody has this token.
#[derive(Debug)]
struct Found<T> {
    at: Duration,
    /// What ended after this offset may have ended it.
    since: u64,
    value: Option<T>,
}

type Answer<T> = Arc<tokio::sync::Mutex<Option<Found<T>>>>;

/// The answers, by token.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    logins: Answers<Login>,
    kiosks: Answers<KioskIdentity>,
}

impl Recent {
    /// The login behind a token. Who asks while it is looked up waits for that answer.
    pub(crate) async fn login(&self, app: &App, token: TokenHash) -> Result<Option<Login>, ApiError> {
        let holds = |login: &Login, since| {
            let holders = [Holder::Login(login.number), Holder::User(login.user.id)];
            login.expires_at > app.clock.now() && !app.hub.ended_after(since, &holders)
        };
        self.logins.of(app, token, holds, app.storage.login(token)).await
    }

    /// The kiosk behind a token.
    pub(crate) async fn kiosk(&self, app: &App, token: TokenHash) -> Result<Option<KioskIdentity>, ApiError> {
        let holds = |kiosk: &KioskIdentity, since| !app.hub.ended_after(since, &[Holder::Kiosk(kiosk.id)]);
        self.kiosks.of(app, token, holds, app.storage.kiosk(token)).await
    }
}

/// Answers of one kind, and when those that nobody believes any more were last let go.
#[derive(Debug)]
struct Answers<T>(Mutex<(HashMap<TokenHash, Answer<T>>, Duration)>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(Mutex::new((HashMap::new(), Duration::ZERO)))
    }
}

impl<T: Clone> Answers<T> {
    /// What is believed of a token, or else what the storage says now. That nobody has a token is believed, too: with
    /// one that was made a moment ago nobody has asked before.
    async fn of(
        &self,
        app: &App,
        token: TokenHash,
        holds: impl Fn(&T, u64) -> bool,
        look: impl Future<Output = Result<Option<T>, StorageError>>,
    ) -> Result<Option<T>, ApiError> {
        let answer = self.answer(token, app.clock.monotonic());
        let mut known = answer.lock().await;
        if let Some(Found { at, since, value }) = &*known
            && app.clock.monotonic().saturating_sub(*at) < BELIEVED
            && value.as_ref().is_none_or(|value| holds(value, *since))
        {
            return Ok(value.clone());
        }
        let since = app.hub.settled().await;
        let value = look.await?;
        *known = Some(Found { at: app.clock.monotonic(), since, value: value.clone() });
        Ok(value)
    }

    /// The place of an answer.
    fn answer(&self, token: TokenHash, now: Duration) -> Answer<T> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (answers, tidied) = &mut *guard;
        // Not each time: thousands of kiosks, each with a token of its own, may come within a second.
        if now.saturating_sub(*tidied) >= BELIEVED {
            *tidied = now;
            // Locked: somebody is asking.
            let is_believed =
                |known: &Option<Found<T>>| known.as_ref().is_some_and(|found| now.saturating_sub(found.at) < BELIEVED);
            answers.retain(|_, answer| answer.try_lock().map_or(true, |known| is_believed(&known)));
        }
        answers.entry(token).or_default().clone()
    }
}
