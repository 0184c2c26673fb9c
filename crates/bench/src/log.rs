//! What is in the database, by plain SQL on a connection of its own: what streams are checked against.

use anyhow::Context;
use millrace_protocol::SessionId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};
use std::path::Path;

/// A change of a session in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionChange {
    pub(crate) offset: u64,
    pub(crate) session: SessionId,
    pub(crate) version: u32,
}

/// The changes of sessions after an offset, in order: exactly what the active-sessions stream has to tell, as long
/// as no session ends.
pub(crate) async fn session_changes(data: &Path, after: u64) -> anyhow::Result<Vec<SessionChange>> {
    let options = SqliteConnectOptions::new().filename(data.join("millrace.db")).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.context("opening the server's database")?;
    let rows = sqlx::query(
        "SELECT \"offset\", row ->> '$.new.id', row ->> '$.new.version' FROM changes
         WHERE \"offset\" > ? AND row ->> '$.table' = 'sessions' ORDER BY \"offset\"",
    )
    .bind(i64::try_from(after)?)
    .fetch_all(&mut connection)
    .await
    .context("reading the change log")?;
    connection.close().await?;
    rows.iter()
        .map(|row| {
            Ok(SessionChange {
                offset: u64::try_from(row.try_get::<i64, _>(0)?)?,
                session: SessionId(row.try_get::<String, _>(1)?.parse()?),
                version: u32::try_from(row.try_get::<i64, _>(2)?)?,
            })
        })
        .collect()
}
