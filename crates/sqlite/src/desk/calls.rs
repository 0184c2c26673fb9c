//! Calls to the supervisor: listed, looked at, done with.

use super::newest_first;
use crate::encoding::word;
use crate::error::Context;
use crate::requests::CallRow;
use crate::writer::Tx;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Refusal, call};
use millrace_protocol::CallId;
use millrace_protocol::floor::{Call, CallState};
use sqlx::SqliteExecutor;

/// A page of calls.
pub(super) async fn list(
    reader: impl SqliteExecutor<'_>,
    asked: &Asked,
    state: Option<CallState>,
) -> Result<Listed<Call>> {
    let (before, id) = newest_first(asked, None)?;
    let (state, limit) = (state.map(word).transpose()?, asked.rows());
    let rows = match state {
        Some(state) => {
            sqlx::query_file_as!(CallRow, "queries/calls_in_state.sql", before, id, state, limit)
                .fetch_all(reader)
                .await
        }
        None => sqlx::query_file_as!(CallRow, "queries/calls.sql", before, id, limit).fetch_all(reader).await,
    };
    let calls = rows.during("reading calls")?.into_iter().map(CallRow::call).collect::<Result<_>>()?;
    Ok(Listed::cut(calls, asked, |call: &Call| (call.made_at.millis().to_string(), call.id.0)))
}

impl Tx {
    pub(super) async fn call_seen(&mut self, by: &Actor, id: CallId) -> Result<Call> {
        let old = self.known_call(id).await?;
        let Some(new) = call::seen(&old, &by.name, self.now)? else { return Ok(old) };
        self.write_call(Some(Box::new(old)), Box::new(new.clone())).await?;
        self.audit(&by.name, "see", &format!("call {id}")).await?;
        Ok(new)
    }

    pub(super) async fn call_done(&mut self, by: &Actor, id: CallId) -> Result<Call> {
        let old = self.known_call(id).await?;
        let Some(new) = call::done(&old, &by.name, self.now)? else { return Ok(old) };
        self.write_call(Some(Box::new(old)), Box::new(new.clone())).await?;
        self.audit(&by.name, "finish", &format!("call {id}")).await?;
        Ok(new)
    }

    async fn known_call(&mut self, id: CallId) -> Result<Call> {
        let row = sqlx::query_file_as!(CallRow, "queries/call.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a call")?;
        let missing = || Refusal::NotFound { what: "There is no such call. Look the id up again.".into() };
        row.ok_or_else(missing)?.call()
    }
}
