//! [`Pictures`] on SQLite: rows beside their reports, so that a backup of the database is a backup of them.

use crate::Sqlite;
use crate::encoding::hash;
use crate::error::Context;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::change::Pair;
use millrace_domain::storage::{Caller, KeptPicture, Picture, Pictures, Result, StorageError};
use millrace_domain::{Refusal, report};
use millrace_protocol::desk::ImageKept;
use millrace_protocol::{ImageId, KioskId, ReportId};
use sqlx::SqliteConnection;

/// What pictures are kept as.
const MEDIA_TYPE: &str = "image/jpeg";

#[async_trait]
impl Pictures for Sqlite {
    async fn expected_picture(&self, kiosk: KioskId, id: ImageId, digest: [u8; 32]) -> Result<Option<ImageKept>> {
        let mut reader = self.readers.acquire().await.during("looking for a picture")?;
        Ok(expected(&mut reader, kiosk, id, digest).await?.1)
    }

    async fn keep_picture(&self, kiosk: KioskId, picture: Picture) -> Result<ImageKept> {
        self.write(move |tx| Box::pin(async move { tx.keep_picture(kiosk, &picture).await })).await
    }

    async fn picture(&self, id: ImageId, of: Option<Caller>) -> Result<Option<KeptPicture>> {
        let (kiosk, worker) = (of.map(|of| of.kiosk.0), of.map(|of| of.worker.0));
        let row = sqlx::query_file!("queries/image.sql", id.0, kiosk, worker)
            .fetch_optional(&self.readers)
            .await
            .during("reading a picture")?;
        row.map(|row| Ok(KeptPicture { content: row.content, digest: hash(&row.digest)? })).transpose()
    }
}

/// The report of this kiosk that names a picture, and the picture where it is here already.
async fn expected(
    conn: &mut SqliteConnection,
    kiosk: KioskId,
    id: ImageId,
    digest: [u8; 32],
) -> Result<(ReportId, Option<ImageKept>)> {
    let named = sqlx::query_file_scalar!("queries/report_of_image.sql", id.0, kiosk.0)
        .fetch_optional(&mut *conn)
        .await
        .during("looking for a picture's report")?;
    let nameless = || Refusal::NotFound {
        what: "No report from this kiosk names this picture. Send its report first, then the picture.".into(),
    };
    let report_id = ReportId(named.ok_or_else(nameless)?);
    let kept = sqlx::query_file!("queries/image_digest.sql", id.0)
        .fetch_optional(conn)
        .await
        .during("looking for a picture")?;
    let Some(kept) = kept else { return Ok((report_id, None)) };
    if kept.report_id != report_id.0 || hash(&kept.digest)? != digest {
        let what =
            "Another picture was sent under this id. A picture can't be changed; send it under an id of its own.";
        return Err(Refusal::Conflict { what: what.into() }.into());
    }
    Ok((report_id, Some(ImageKept { id, report_id, repeat: true })))
}

impl Tx {
    async fn keep_picture(&mut self, kiosk: KioskId, picture: &Picture) -> Result<ImageKept> {
        let (report_id, kept) = expected(&mut self.conn, kiosk, picture.id, picture.digest).await?;
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let gone = || StorageError::Defect { context: "keeping a picture", reason: "its report is not there".into() };
        let old = self.report(report_id).await?.ok_or_else(gone)?;
        let (width, height, now) = (i64::from(picture.width), i64::from(picture.height), self.now.millis());
        let (content, digest) = (picture.content.as_slice(), picture.digest.as_slice());
        sqlx::query_file!(
            "queries/image_insert.sql",
            picture.id.0,
            report_id.0,
            content,
            MEDIA_TYPE,
            width,
            height,
            digest,
            now
        )
        .execute(&mut self.conn)
        .await
        .during("keeping a picture")?;
        let new = report::illustrated(&old, picture.id);
        self.record_report(Pair::changed(old, new)).await?;
        Ok(ImageKept { id: picture.id, report_id, repeat: false })
    }
}
