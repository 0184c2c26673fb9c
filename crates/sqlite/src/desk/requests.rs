//! [`Requests`] on SQLite: reads go to the readers, commands to the writer.

use super::own_session;
use crate::Sqlite;
use crate::encoding::from_word;
use crate::error::Context;
use crate::jobs::read_job;
use crate::requests::{CallRow, approval_at};
use async_trait::async_trait;
use millrace_domain::approval::{Decision, standing};
use millrace_domain::storage::{Actor, Approver, Asked, Caller, Listed, Requests, Result, TokenHash};
use millrace_protocol::desk::SessionApproval;
use millrace_protocol::floor::{Approval, ApprovalStanding, ApprovalState, Call, CallState};
use millrace_protocol::{ApprovalId, CallId, KioskId, SessionId};

/// Sends a command to the writer.
macro_rules! command {
    ($self:ident, |$tx:ident| $run:expr) => {
        $self.write(move |$tx| Box::pin(async move { $run.await })).await
    };
}

#[async_trait]
impl Requests for Sqlite {
    async fn approvals(&self, asked: Asked, state: Option<ApprovalState>) -> Result<Listed<Approval>> {
        super::approvals::list(&self.readers, &asked, state).await
    }

    async fn approval_seen(&self, by: Actor, id: ApprovalId) -> Result<Approval> {
        command!(self, |tx| tx.approval_seen(&by, id))
    }

    async fn decide(&self, by: Actor, at: Option<KioskId>, id: ApprovalId, decision: Decision) -> Result<Approval> {
        command!(self, |tx| tx.decide(&by, at, id, &decision))
    }

    async fn approval_runs_at(&self, id: ApprovalId, kiosk: KioskId) -> Result<bool> {
        let mut reader = self.readers.acquire().await.during("reading an approval")?;
        Ok(super::approvals::at_kiosk(&mut reader, id).await? == Some(kiosk))
    }

    async fn approver_by_badge(&self, badge: TokenHash) -> Result<Option<Approver>> {
        let (badge, now) = (badge.as_slice(), self.clock.now().millis());
        let row = sqlx::query_file!("queries/approver_by_badge.sql", badge, now)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a badge")?;
        row.map(|row| {
            let actor = Actor { name: row.username, role: from_word(row.role)? };
            Ok(Approver { actor, pin_hash: row.pin_hash })
        })
        .transpose()
    }

    async fn approval_of_session(&self, caller: Caller, session: SessionId) -> Result<SessionApproval> {
        let now = self.clock.now();
        // One transaction, so that item and approval are of one moment.
        let mut tx = self.readers.begin().await.during("reading an approval")?;
        let session = own_session(&mut *tx, caller, session).await?;
        let none = SessionApproval { standing: ApprovalStanding::None, approval: None };
        let (Some(job), Some(step)) = (session.job_id, session.step_id) else { return Ok(none) };
        let job = read_job(&mut tx, job).await?;
        let steps = job.iter().flat_map(|job| &job.items).flat_map(|item| &item.steps);
        let Some(step) = steps.clone().find(|known| known.id == step) else { return Ok(none) };
        let latest = approval_at(&mut tx, step.id, session.station_id, now, &self.policy).await?;
        Ok(SessionApproval { standing: standing(step, latest.as_ref(), now, &self.policy), approval: latest })
    }

    async fn calls(&self, asked: Asked, state: Option<CallState>) -> Result<Listed<Call>> {
        super::calls::list(&self.readers, &asked, state).await
    }

    async fn call_seen(&self, by: Actor, id: CallId) -> Result<Call> {
        command!(self, |tx| tx.call_seen(&by, id))
    }

    async fn call_done(&self, by: Actor, id: CallId) -> Result<Call> {
        command!(self, |tx| tx.call_done(&by, id))
    }

    async fn calls_of_session(&self, caller: Caller, session: SessionId) -> Result<Vec<Call>> {
        own_session(&self.readers, caller, session).await?;
        sqlx::query_file_as!(CallRow, "queries/calls_all_of_session.sql", session.0)
            .fetch_all(&self.readers)
            .await
            .during("reading a session's calls")?
            .into_iter()
            .map(CallRow::call)
            .collect()
    }
}
