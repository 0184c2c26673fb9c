//! [`Devices`] on SQLite: kiosks and enrolment codes as they are managed.

use crate::Sqlite;
use crate::desk::oldest_first;
use crate::effects::exactly_one;
use crate::encoding::{count, maybe_moment, moment};
use crate::error::{Context, Unless};
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::Refusal;
use millrace_domain::change::{Pair, Row};
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Devices, Listed, Result};
use millrace_protocol::device::{EnrolmentCodeRecord, KioskDraft, KioskRecord};
use millrace_protocol::{EnrolmentCodeId, KioskId, StationId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

struct RecordRow {
    id: Uuid,
    name: String,
    station_id: Option<Uuid>,
    station_code: Option<String>,
    program: Option<String>,
    enrolled_at: i64,
    last_contact_at: i64,
    revoked_at: Option<i64>,
    version: i64,
}

impl RecordRow {
    fn record(self) -> Result<KioskRecord> {
        Ok(KioskRecord {
            id: KioskId(self.id),
            name: self.name,
            station_id: self.station_id.map(StationId),
            station_code: self.station_code,
            program: self.program,
            enrolled_at: moment(self.enrolled_at),
            last_contact_at: moment(self.last_contact_at),
            revoked_at: maybe_moment(self.revoked_at),
            version: count(self.version)?,
        })
    }
}

async fn record(reader: impl SqliteExecutor<'_>, id: KioskId) -> Result<Option<KioskRecord>> {
    sqlx::query_file_as!(RecordRow, "queries/kiosk_record.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a kiosk")?
        .map(RecordRow::record)
        .transpose()
}

#[async_trait]
impl Devices for Sqlite {
    async fn kiosks(&self, asked: Asked) -> Result<Listed<KioskRecord>> {
        let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
        let rows = sqlx::query_file_as!(RecordRow, "queries/kiosk_records.sql", key, id, rows)
            .fetch_all(&self.readers)
            .await
            .during("reading kiosks")?;
        let kiosks = rows.into_iter().map(RecordRow::record).collect::<Result<_>>()?;
        Ok(Listed::cut(kiosks, &asked, |kiosk: &KioskRecord| (kiosk.name.clone(), kiosk.id.0)))
    }

    async fn kiosk_record(&self, id: KioskId) -> Result<Option<KioskRecord>> {
        record(&self.readers, id).await
    }

    async fn change_kiosk(&self, by: Actor, id: KioskId, version: u32, draft: KioskDraft) -> Result<KioskRecord> {
        self.write(move |tx| Box::pin(async move { tx.change_kiosk(&by, id, version, &draft).await })).await
    }

    async fn kiosk_runs(&self, id: KioskId, program: String) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                sqlx::query_file!("queries/kiosk_runs.sql", id.0, program)
                    .execute(&mut tx.conn)
                    .await
                    .during("keeping a kiosk's program")
                    .map(drop)
            })
        })
        .await
    }

    async fn enrolment_codes(&self, asked: Asked) -> Result<Listed<EnrolmentCodeRecord>> {
        let ((key, id), rows) = (oldest_first(&asked)?, asked.rows());
        let now = self.clock.now().millis();
        let rows = sqlx::query_file!("queries/enrolment_codes.sql", key, id, rows, now)
            .fetch_all(&self.readers)
            .await
            .during("reading enrolment codes")?;
        let codes = rows.into_iter().map(|row| EnrolmentCodeRecord {
            id: EnrolmentCodeId(row.id),
            kiosk_name: row.kiosk_name,
            station_id: row.station_id.map(StationId),
            expires_at: moment(row.expires_at),
            created_by: row.created_by,
        });
        Ok(Listed::cut(codes.collect(), &asked, |code| (code.expires_at.millis().to_string(), code.id.0)))
    }

    async fn revoke_enrolment_code(&self, by: Actor, id: EnrolmentCodeId) -> Result<bool> {
        self.write(move |tx| {
            Box::pin(async move {
                let gone = sqlx::query_file_scalar!("queries/enrolment_delete.sql", id.0)
                    .fetch_optional(&mut tx.conn)
                    .await
                    .during("taking an enrolment code back")?;
                if let Some(name) = &gone {
                    tx.audit(&by.name, "delete", &format!("enrolment code {id} {name}")).await?;
                }
                Ok(gone.is_some())
            })
        })
        .await
    }
}

impl Tx {
    async fn change_kiosk(&mut self, by: &Actor, id: KioskId, version: u32, draft: &KioskDraft) -> Result<KioskRecord> {
        at_version(self.known_kiosk(id).await?.version, version)?;
        let (version, station) = (i64::from(version), draft.station_id.map(|id| id.0));
        let before = self.kiosk_seen(id).await?;
        let done = sqlx::query_file!("queries/kiosk_update.sql", id.0, version, draft.name, station)
            .execute(&mut self.conn)
            .await
            .unless("changing a kiosk", |_| Refusal::Invalid {
                what: "There is no station `stationId`. Look it up again.".into(),
            })?;
        exactly_one(done.rows_affected(), "changing a kiosk")?;
        if let (Some(old), Some(new)) = (before, self.kiosk_seen(id).await?) {
            self.record(Row::Kiosks(Pair::changed(old, new))).await?;
        }
        self.audit(&by.name, "change", &format!("kiosk {id} {}", draft.name)).await?;
        self.known_kiosk(id).await
    }

    async fn known_kiosk(&mut self, id: KioskId) -> Result<KioskRecord> {
        let known = record(&mut self.conn, id).await?;
        Ok(known.ok_or_else(|| Refusal::NotFound { what: "There is no such kiosk. Look the id up again.".into() })?)
    }
}
