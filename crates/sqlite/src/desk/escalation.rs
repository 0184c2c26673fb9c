//! What nobody has looked at for too long is raised, by the server's own watch.

use crate::encoding::number;
use crate::error::Context;
use crate::requests::{ApprovalRow, CallRow};
use crate::writer::Tx;
use millrace_domain::storage::Result;
use millrace_domain::{Policy, approval, call};

impl Tx {
    /// Raises requests and calls that nobody has looked at. Each once: whoever looks in between is first, because the
    /// one writer does one command after another.
    pub(crate) async fn escalate(&mut self, policy: &Policy) -> Result<()> {
        let now = self.now.millis();
        let before = now.saturating_sub(number(policy.approval_unseen_ms)?);
        let approvals = sqlx::query_file_as!(ApprovalRow, "queries/approvals_unseen.sql", before)
            .fetch_all(&mut self.conn)
            .await
            .during("reading approvals nobody has seen")?;
        for row in approvals {
            let old = row.approval()?;
            let new = approval::raised(&old, self.now);
            self.write_approval(Some(Box::new(old)), Box::new(new)).await?;
        }
        let before = now.saturating_sub(number(policy.call_unseen_ms)?);
        let calls = sqlx::query_file_as!(CallRow, "queries/calls_unseen.sql", before)
            .fetch_all(&mut self.conn)
            .await
            .during("reading calls nobody has seen")?;
        for row in calls {
            let old = row.call()?;
            let new = call::raised(&old, self.now);
            self.write_call(Some(Box::new(old)), Box::new(new)).await?;
        }
        Ok(())
    }
}
