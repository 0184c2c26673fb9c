//! The supervisor's side: reports and their pictures, approvals, calls, messages, quarantine.
//!
//! Each file is one family of storage methods with the commands behind them. What a worker does stands in
//! [`crate::act`]; the rows both write stand in [`crate::reports`] and [`crate::requests`].

mod approvals;
mod calls;
mod escalation;
pub(crate) mod messages;
mod pictures;
pub(crate) mod quarantine;
mod reports;
mod requests;

use crate::error::Context;
use crate::rows::SessionRow;
use millrace_domain::Refusal;
use millrace_domain::storage::{Asked, Caller, Result};
use millrace_protocol::SessionId;
use millrace_protocol::session::Session;
use sqlx::SqliteExecutor;
use uuid::Uuid;

/// Where a page of a list begins that has the newest first: before this moment, in milliseconds, or at it with a
/// lower id. `to` ends the list's time, exclusively.
pub(crate) fn newest_first(asked: &Asked, to: Option<i64>) -> Result<(i64, Uuid)> {
    behind(asked, to.unwrap_or(i64::MAX))
}

/// The same for a list that begins with the oldest.
pub(crate) fn oldest_first(asked: &Asked) -> Result<(i64, Uuid)> {
    behind(asked, i64::MIN)
}

fn behind(asked: &Asked, first: i64) -> Result<(i64, Uuid)> {
    if asked.after.key.is_empty() {
        return Ok((first, Uuid::nil()));
    }
    let wrong = || Refusal::Invalid { what: "This `cursor` is none of this list. Begin without one.".into() };
    Ok((asked.after.number().ok_or_else(wrong)?, asked.after.id))
}

/// A session, where it is the calling worker's: nobody reads another's.
async fn own_session(reader: impl SqliteExecutor<'_>, caller: Caller, id: SessionId) -> Result<Session> {
    let row = sqlx::query_file_as!(SessionRow, "queries/session.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a session")?;
    let session = row.map(SessionRow::session).transpose()?;
    Ok(session.filter(|session| session.worker_id == caller.worker).ok_or(Refusal::SessionNotFound)?)
}
