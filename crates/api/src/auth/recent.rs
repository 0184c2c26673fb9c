//! Logins that were looked up a moment ago: a thousand boards that come back at once are one question.
//!
//! For opening streams, and nothing else: a stream that is opened on a login that has just ended is ended by the
//! hub, which knows of the end as soon as it is published. Whatever changes something asks the database each time.

use crate::error::ApiError;
use crate::state::App;
use millrace_domain::change::Holder;
use millrace_domain::storage::{Login, TokenHash};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// For how long an answer is believed. Shorter than the hub remembers rights that ended.
const BELIEVED: Duration = Duration::from_secs(2);

type Answer = Arc<tokio::sync::Mutex<Option<(Duration, Login)>>>;

/// The answers, by token.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<HashMap<TokenHash, Answer>>);

impl Recent {
    /// The login behind a token. Who asks while it is looked up waits for that answer.
    pub(crate) async fn login(&self, app: &App, token: TokenHash) -> Result<Option<Login>, ApiError> {
        let now = app.clock.monotonic();
        let answer = self.answer(token, now);
        let mut known = answer.lock().await;
        if let Some((at, login)) = &*known
            && now.saturating_sub(*at) < BELIEVED
            && login.expires_at > app.clock.now()
            && !app.hub.ended_lately(&[Holder::Login(login.number), Holder::User(login.user.id)])
        {
            return Ok(Some(login.clone()));
        }
        let login = app.storage.login(token).await?;
        *known = login.clone().map(|login| (app.clock.monotonic(), login));
        Ok(login)
    }

    /// The place of an answer; those that nobody believes any more are let go.
    fn answer(&self, token: TokenHash, now: Duration) -> Answer {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|_, answer| {
            // Locked: somebody is asking.
            answer
                .try_lock()
                .map_or(true, |known| known.as_ref().is_some_and(|(at, _)| now.saturating_sub(*at) < BELIEVED))
        });
        answers.entry(token).or_default().clone()
    }
}
