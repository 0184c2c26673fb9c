//! Reports as they are written: the row, who changed it, and its change record.

use crate::encoding::{json, number, word};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::storage::Result;
use millrace_protocol::KioskId;
use millrace_protocol::report::Report;

impl Tx {
    /// Writes a report: made where there is no `old`.
    pub(crate) async fn write_report(
        &mut self,
        old: Option<Box<Report>>,
        new: Box<Report>,
        kiosk: Option<KioskId>,
    ) -> Result<()> {
        match &old {
            None => self.insert_report(&new, kiosk).await?,
            Some(old) => self.update_report(old.version, &new).await?,
        }
        self.record(Row::Reports(Pair { old, new: Some(new) })).await
    }

    async fn insert_report(&mut self, r: &Report, kiosk: Option<KioskId>) -> Result<()> {
        let (kind, state, kiosk) = (word(r.kind)?, word(r.state)?, kiosk.map(|id| id.0));
        let (event, item) = (r.status_event_id.map(|id| id.0), r.job_item_id.map(|id| id.0));
        let (reason, labels) = (r.reason_id.map(|id| id.0), r.reason_labels.as_ref().map(json).transpose()?);
        let images = json(&r.images.iter().map(|image| image.id).collect::<Vec<_>>())?;
        let (scrap, version) = (number(r.scrap)?, i64::from(r.version));
        let (occurred, changed) = (r.occurred_at.millis(), r.changed_at.millis());
        sqlx::query_file!(
            "queries/report_insert.sql",
            r.id.0,
            kind,
            state,
            r.station_id.0,
            r.station_code,
            r.station_name,
            r.session_id.0,
            r.worker_id.0,
            r.worker_name,
            event,
            item,
            r.job_item_name,
            reason,
            labels,
            r.description,
            scrap,
            images,
            kiosk,
            occurred,
            changed,
            r.changed_by,
            version,
        )
        .execute(&mut self.conn)
        .await
        .during("making a report")
        .map(drop)
    }

    async fn update_report(&mut self, from_version: u32, r: &Report) -> Result<()> {
        let (state, from_version, version) = (word(r.state)?, i64::from(from_version), i64::from(r.version));
        let (reason, labels) = (r.reason_id.map(|id| id.0), r.reason_labels.as_ref().map(json).transpose()?);
        let (scrap, changed) = (number(r.scrap)?, r.changed_at.millis());
        let done = sqlx::query_file!(
            "queries/report_update.sql",
            r.id.0,
            from_version,
            state,
            reason,
            labels,
            r.description,
            scrap,
            changed,
            r.changed_by,
            version,
        )
        .execute(&mut self.conn)
        .await
        .during("changing a report")?;
        crate::effects::exactly_one(done.rows_affected(), "changing a report")
    }
}
