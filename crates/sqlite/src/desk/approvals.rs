//! Approvals of first products: listed, looked at, decided.

use super::newest_first;
use crate::effects::holder;
use crate::encoding::word;
use crate::error::Context;
use crate::requests::ApprovalRow;
use crate::writer::Tx;
use millrace_domain::Refusal;
use millrace_domain::approval::{Decision, Judge, decided, seen};
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_protocol::floor::{Approval, ApprovalState};
use millrace_protocol::{ApprovalId, KioskId, WorkerId};
use sqlx::{SqliteConnection, SqliteExecutor};

/// A page of approvals.
pub(super) async fn list(
    reader: impl SqliteExecutor<'_>,
    asked: &Asked,
    state: Option<ApprovalState>,
) -> Result<Listed<Approval>> {
    let (before, id) = newest_first(asked, None)?;
    let (state, limit) = (state.map(word).transpose()?, asked.rows());
    let rows = match state {
        Some(state) => {
            sqlx::query_file_as!(ApprovalRow, "queries/approvals_in_state.sql", before, id, state, limit)
                .fetch_all(reader)
                .await
        }
        None => sqlx::query_file_as!(ApprovalRow, "queries/approvals.sql", before, id, limit).fetch_all(reader).await,
    };
    let approvals = rows.during("reading approvals")?.into_iter().map(ApprovalRow::approval).collect::<Result<_>>()?;
    Ok(Listed::cut(approvals, asked, |approval: &Approval| (approval.asked_at.millis().to_string(), approval.id.0)))
}

async fn approval(reader: impl SqliteExecutor<'_>, id: ApprovalId) -> Result<Option<Approval>> {
    sqlx::query_file_as!(ApprovalRow, "queries/approval.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading an approval")?
        .map(ApprovalRow::approval)
        .transpose()
}

/// The kiosk at which the session of a request runs.
pub(super) async fn at_kiosk(conn: &mut SqliteConnection, id: ApprovalId) -> Result<Option<KioskId>> {
    let Some(approval) = approval(&mut *conn, id).await? else { return Ok(None) };
    holder(conn, approval.session_id).await
}

impl Tx {
    pub(super) async fn approval_seen(&mut self, by: &Actor, id: ApprovalId) -> Result<Approval> {
        let old = self.known_approval(id).await?;
        let Some(new) = seen(&old, &by.name, self.now) else { return Ok(old) };
        self.write_approval(Some(Box::new(old)), Box::new(new.clone())).await?;
        self.audit(&by.name, "see", &format!("approval {id}")).await?;
        Ok(new)
    }

    pub(super) async fn decide(
        &mut self,
        by: &Actor,
        at: Option<KioskId>,
        id: ApprovalId,
        decision: &Decision,
    ) -> Result<Approval> {
        let old = self.known_approval(id).await?;
        if at.is_some() && at_kiosk(&mut self.conn, id).await? != at {
            let what = "This session runs at another kiosk. Decide there, or at the desk.";
            return Err(Refusal::Forbidden { what: what.into() }.into());
        }
        let judge = Judge { name: by.name.clone(), worker: self.worker_of(by).await? };
        let new = decided(&old, &judge, decision, self.now)?;
        self.write_approval(Some(Box::new(old)), Box::new(new.clone())).await?;
        let place = at.map(|kiosk| format!(" at kiosk {kiosk}")).unwrap_or_default();
        self.audit(&by.name, decision.verb(), &format!("approval {id}{place}")).await?;
        Ok(new)
    }

    /// The worker that a user is. His right is looked at again in the transaction that writes.
    async fn worker_of(&mut self, by: &Actor) -> Result<Option<WorkerId>> {
        let user = sqlx::query_file!("queries/user_worker.sql", by.name)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a user")?;
        let out = || Refusal::Unauthenticated { what: "This user is not in service any more.".into() };
        Ok(user.ok_or_else(out)?.worker_id.map(WorkerId))
    }

    async fn known_approval(&mut self, id: ApprovalId) -> Result<Approval> {
        let missing =
            || Refusal::NotFound { what: "There is no such request for approval. Look the id up again.".into() };
        Ok(approval(&mut self.conn, id).await?.ok_or_else(missing)?)
    }
}
