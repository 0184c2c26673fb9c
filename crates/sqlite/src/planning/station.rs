//! What can be chosen at a station, with where the approval of each step stands.

use crate::encoding::count;
use crate::error::Context;
use crate::requests::approval_at;
use millrace_domain::Policy;
use millrace_domain::approval;
use millrace_domain::job::progress;
use millrace_domain::storage::Result;
use millrace_protocol::floor::ApprovalStanding;
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{JobId, JobItemId, StationId, StepId};
use sqlx::SqliteConnection;

/// The steps at a station whose items can be worked on: open items first, completed ones after.
pub(super) async fn job_items(
    conn: &mut SqliteConnection,
    station: StationId,
    now: Timestamp,
    policy: &Policy,
) -> Result<Vec<StationJobItem>> {
    let rows = sqlx::query_file!("queries/station_job_items.sql", station.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a station's items")?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let approval = if row.first_product_approval {
            approval_of(conn, StepId(row.step_id), station, now, policy).await?
        } else {
            ApprovalStanding::None
        };
        let (planned, good, scrap) =
            (count(row.planned_quantity)?, count(row.completed_good)?, count(row.completed_scrap)?);
        let (complete, missing) = progress(planned, good, scrap);
        items.push(StationJobItem {
            id: JobItemId(row.id),
            job_id: JobId(row.job_id),
            job_number: row.job_number,
            customer: row.customer,
            due_on: row.due_on,
            name: row.name,
            planned_quantity: planned,
            completed_good: good,
            completed_scrap: scrap,
            complete,
            missing,
            step_id: StepId(row.step_id),
            position: count(row.position)?,
            is_terminal: row.is_terminal,
            planned_ms_per_piece: row.planned_ms_per_piece.map(count).transpose()?,
            step_good: count(row.step_good)?,
            step_scrap: count(row.step_scrap)?,
            first_product_approval: row.first_product_approval,
            approval,
        });
    }
    Ok(items)
}

async fn approval_of(
    conn: &mut SqliteConnection,
    step: StepId,
    station: StationId,
    now: Timestamp,
    policy: &Policy,
) -> Result<ApprovalStanding> {
    let latest = approval_at(conn, step, station, now, policy).await?;
    Ok(approval::standing_of(latest.as_ref(), now, policy))
}
