//! The steps of an item, as a change of plan leaves them. Their balances are the ledger's, and not touched here.

use crate::encoding::number;
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::planning::{PlannedStep, StepChange};
use millrace_domain::storage::Result;
use millrace_domain::{Chance, Refusal};
use millrace_protocol::{JobItemId, StationId, StepId};

impl Tx {
    /// Puts an item's steps into their new order: those that are no more go, new ones come.
    pub(super) async fn put_steps(&mut self, item: JobItemId, change: StepChange, chance: &dyn Chance) -> Result<()> {
        for gone in &change.gone {
            let used = sqlx::query_file_scalar!("queries/job_step_uses.sql", gone.id.0)
                .fetch_one(&mut self.conn)
                .await
                .during("asking what needs a step")?;
            if used {
                let what = format!(
                    "Sessions have chosen the step {} at {}. Leave it in, or archive the item and make a new one.",
                    gone.position, gone.station_name
                );
                return Err(Refusal::InUse { what }.into());
            }
        }
        sqlx::query_file!("queries/job_steps_aside.sql", item.0)
            .execute(&mut self.conn)
            .await
            .during("putting steps aside")?;
        for gone in &change.gone {
            sqlx::query_file!("queries/job_step_delete.sql", gone.id.0)
                .execute(&mut self.conn)
                .await
                .during("removing a step")?;
        }
        let last = change.steps.len();
        for (position, step) in (1..).zip(change.steps) {
            self.put_step(item, position, position == last, &step, chance).await?;
        }
        Ok(())
    }

    async fn put_step(
        &mut self,
        item: JobItemId,
        position: usize,
        is_terminal: bool,
        step: &PlannedStep,
        chance: &dyn Chance,
    ) -> Result<()> {
        let draft = &step.draft;
        let planned = draft.planned_ms_per_piece.map(number).transpose()?;
        let place = number(position)?;
        if let Some(StepId(id)) = step.is {
            return sqlx::query_file!(
                "queries/job_step_update.sql",
                id,
                item.0,
                place,
                planned,
                draft.first_product_approval,
                is_terminal
            )
            .execute(&mut self.conn)
            .await
            .during("changing a step")
            .map(drop);
        }
        let station = draft.station_id.0;
        self.in_use(position, draft.station_id).await?;
        let id = chance.uuid(self.now);
        sqlx::query_file!(
            "queries/job_step_insert.sql",
            id,
            item.0,
            place,
            station,
            planned,
            draft.first_product_approval,
            is_terminal
        )
        .execute(&mut self.conn)
        .await
        .during("making a step")
        .map(drop)
    }

    /// Refuses a step at a station that is not there or out of use.
    pub(super) async fn in_use(&mut self, position: usize, station: StationId) -> Result<()> {
        let known = sqlx::query_file!("queries/station.sql", station.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a station")?;
        if known.is_some() {
            return Ok(());
        }
        let what = format!("Step {position}: its station does not exist or is out of use. Choose another.");
        Err(Refusal::Invalid { what }.into())
    }
}
