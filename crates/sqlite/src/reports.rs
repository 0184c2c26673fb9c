//! Reports as they are read and written: the row, who changed it, and its change record.

use crate::encoding::{count, from_json, from_word, json, moment, number, word};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::storage::Result;
use millrace_protocol::report::{Report, ReportImage};
use millrace_protocol::{
    ImageId, JobItemId, KioskId, ReasonId, ReportId, SessionId, StationId, StatusEventId, WorkerId,
};
use uuid::Uuid;

/// A row of `reports`, with the ids of its pictures that are there.
pub(crate) struct ReportRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) station_id: Uuid,
    pub(crate) station_code: String,
    pub(crate) station_name: String,
    pub(crate) session_id: Uuid,
    pub(crate) worker_id: Uuid,
    pub(crate) worker_name: String,
    pub(crate) status_event_id: Option<Uuid>,
    pub(crate) job_item_id: Option<Uuid>,
    pub(crate) job_item_name: Option<String>,
    pub(crate) reason_id: Option<Uuid>,
    pub(crate) reason_labels: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) scrap: i64,
    pub(crate) image_ids: String,
    pub(crate) arrived: String,
    pub(crate) occurred_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) changed_by: Option<String>,
    pub(crate) version: i64,
}

impl ReportRow {
    pub(crate) fn report(self) -> Result<Report> {
        let arrived: Vec<ImageId> = from_json(&self.arrived)?;
        let named: Vec<ImageId> = from_json(&self.image_ids)?;
        Ok(Report {
            id: ReportId(self.id),
            kind: from_word(self.kind)?,
            state: from_word(self.state)?,
            station_id: StationId(self.station_id),
            station_code: self.station_code,
            station_name: self.station_name,
            session_id: SessionId(self.session_id),
            worker_id: WorkerId(self.worker_id),
            worker_name: self.worker_name,
            status_event_id: self.status_event_id.map(StatusEventId),
            job_item_id: self.job_item_id.map(JobItemId),
            job_item_name: self.job_item_name,
            reason_id: self.reason_id.map(ReasonId),
            reason_labels: self.reason_labels.as_deref().map(from_json).transpose()?,
            description: self.description,
            scrap: count(self.scrap)?,
            images: named.into_iter().map(|id| ReportImage { id, arrived: arrived.contains(&id) }).collect(),
            occurred_at: moment(self.occurred_at),
            changed_at: moment(self.changed_at),
            changed_by: self.changed_by,
            version: count(self.version)?,
        })
    }
}

impl Tx {
    /// A report by id.
    pub(crate) async fn report(&mut self, id: ReportId) -> Result<Option<Report>> {
        sqlx::query_file_as!(ReportRow, "queries/report.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a report")?
            .map(ReportRow::report)
            .transpose()
    }

    /// Writes a report: made where there is no `old`.
    pub(crate) async fn write_report(
        &mut self,
        old: Option<Box<Report>>,
        new: Box<Report>,
        kiosk: Option<KioskId>,
    ) -> Result<()> {
        self.write_report_noted(old, new, kiosk, None).await
    }

    /// The same, with what whoever changes it adds.
    pub(crate) async fn write_report_noted(
        &mut self,
        old: Option<Box<Report>>,
        new: Box<Report>,
        kiosk: Option<KioskId>,
        note: Option<&str>,
    ) -> Result<()> {
        match &old {
            None => self.insert_report(&new, kiosk).await?,
            Some(old) => self.update_report(old.version, &new).await?,
        }
        self.keep_report_change(&new, note).await?;
        self.record_report(Pair { old, new: Some(new) }).await
    }

    /// Records a report that was made or changed, for the kiosk of its session as well.
    pub(crate) async fn record_report(&mut self, report: Pair<Report>) -> Result<()> {
        let owner = match report.any() {
            Some(report) => self.owns_now(report.session_id).await?,
            None => None,
        };
        self.record(Row::Reports { report, owner }).await
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
        .during("making a report")?;
        for image in &r.images {
            sqlx::query_file!("queries/report_image_insert.sql", image.id.0, r.id.0)
                .execute(&mut self.conn)
                .await
                .during("naming a report's picture")?;
        }
        Ok(())
    }

    async fn keep_report_change(&mut self, r: &Report, note: Option<&str>) -> Result<()> {
        let (version, state, at) = (i64::from(r.version), word(r.state)?, r.changed_at.millis());
        let actor = r.changed_by.as_ref().unwrap_or(&r.worker_name);
        sqlx::query_file!("queries/report_change_insert.sql", r.id.0, version, state, actor, note, at)
            .execute(&mut self.conn)
            .await
            .during("keeping a report's change")
            .map(drop)
    }

    async fn update_report(&mut self, from_version: u32, r: &Report) -> Result<()> {
        let (state, from_version, version) = (word(r.state)?, i64::from(from_version), i64::from(r.version));
        let (reason, labels) = (r.reason_id.map(|id| id.0), r.reason_labels.as_ref().map(json).transpose()?);
        let item = r.job_item_id.map(|id| id.0);
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
            r.worker_id.0,
            r.worker_name,
            item,
            r.job_item_name,
        )
        .execute(&mut self.conn)
        .await
        .during("changing a report")?;
        crate::effects::exactly_one(done.rows_affected(), "changing a report")
    }
}
