//! What streams begin with: rows and the position they are true at, read in one transaction.

use crate::Sqlite;
use crate::desk::messages::MessageRow;
use crate::desk::quarantine::QuarantineRow;
use crate::encoding::{count, from_word, maybe_moment, word};
use crate::error::Context;
use crate::jobs::read_open_jobs;
use crate::reports::ReportRow;
use crate::requests::{ApprovalRow, CallRow};
use crate::rows::{ClaimantRow, SessionRow, StatusEventRow};
use crate::writer::Tx;
use futures_util::future::BoxFuture;
use millrace_domain::change::{Pair, Row};
use millrace_domain::people::MeantFor;
use millrace_domain::storage::{
    FloorRows, FloorStation, OfKiosk, Result, SessionHistory, Snapshot, StorageError, Unacknowledged,
};
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::stream::{KioskConfig, KioskSeen};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{AreaId, KioskId, SessionId, StationId, WorkerId};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Sqlite {
    /// Reads in one transaction, with the position that what is read is true at.
    pub(crate) async fn snapshot<T, R>(&self, read: R) -> Result<Snapshot<T>>
    where
        T: Send,
        R: for<'t> FnOnce(&'t mut SqliteConnection) -> BoxFuture<'t, Result<T>> + Send,
    {
        let now = self.clock.now();
        let mut tx = self.readers.begin().await.during("taking a snapshot")?;
        let offset = sqlx::query_file_scalar!("queries/change_last.sql")
            .fetch_one(&mut *tx)
            .await
            .during("taking a snapshot")?;
        let rows = read(&mut tx).await?;
        Ok(Snapshot { offset: count(offset)?, now, rows })
    }
}

/// Every open session.
async fn open_sessions(conn: &mut SqliteConnection) -> Result<Vec<Session>> {
    let rows = sqlx::query_file_as!(SessionRow, "queries/sessions_active.sql")
        .fetch_all(conn)
        .await
        .during("reading open sessions")?;
    rows.into_iter().map(SessionRow::session).collect()
}

/// The floor as a whole.
pub(crate) async fn floor_rows(conn: &mut SqliteConnection) -> Result<FloorRows> {
    let stations = sqlx::query_file!("queries/stations_floor.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading stations")?
        .into_iter()
        .map(|row| FloorStation {
            id: StationId(row.id),
            code: row.code,
            name: row.name,
            kind: row.kind,
            area_id: row.area_id.map(AreaId),
            area: row.area,
            active: row.active,
        })
        .collect();
    let ended = sqlx::query_file_as!(SessionRow, "queries/sessions_ended.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading sessions that ended")?;
    let kiosks = sqlx::query_file_as!(KioskRow, "queries/kiosks_floor.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading kiosks")?;
    let assigned = sqlx::query_file!("queries/workers_meant.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading who is meant for which stations")?;
    let mut meant_for: BTreeMap<WorkerId, MeantFor> = BTreeMap::new();
    for row in assigned {
        let meant_for = meant_for.entry(WorkerId(row.worker_id)).or_default();
        meant_for.strict = row.strict;
        meant_for.stations.insert(StationId(row.station_id));
    }
    Ok(FloorRows {
        stations,
        open: open_sessions(&mut *conn).await?,
        ended: ended.into_iter().map(SessionRow::session).collect::<Result<_>>()?,
        kiosks: kiosks.into_iter().map(KioskRow::seen).collect::<Result<_>>()?,
        jobs: read_open_jobs(&mut *conn).await?,
        meant_for: meant_for.into_iter().collect(),
        unacknowledged: unacknowledged(&mut *conn).await?,
    })
}

/// A kiosk with whether it is heard.
struct KioskRow {
    id: Uuid,
    name: String,
    station_id: Option<Uuid>,
    contact: String,
    last_contact_at: Option<i64>,
}

impl KioskRow {
    fn seen(self) -> Result<KioskSeen> {
        Ok(KioskSeen {
            id: KioskId(self.id),
            name: self.name,
            station_id: self.station_id.map(StationId),
            contact: from_word(self.contact)?,
            last_contact_at: maybe_moment(self.last_contact_at),
        })
    }
}

/// A session with its history.
pub(crate) async fn history(conn: &mut SqliteConnection, id: SessionId) -> Result<Option<SessionHistory>> {
    let session = sqlx::query_file_as!(SessionRow, "queries/session.sql", id.0)
        .fetch_optional(&mut *conn)
        .await
        .during("reading a session")?;
    let Some(session) = session else { return Ok(None) };
    let events = sqlx::query_file_as!(StatusEventRow, "queries/status_events_of_session.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a session's stretches")?;
    let reports = sqlx::query_file_as!(ReportRow, "queries/reports_of_session.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a session's reports")?;
    Ok(Some(SessionHistory {
        session: session.session()?,
        status_events: events.into_iter().map(StatusEventRow::event).collect::<Result<_>>()?,
        reports: reports.into_iter().map(ReportRow::report).collect::<Result<_>>()?,
    }))
}

/// Reports that are not closed, and those that changed since.
pub(crate) async fn recent_reports(
    conn: &mut SqliteConnection,
    kind: Option<ReportKind>,
    since: Timestamp,
) -> Result<Vec<Report>> {
    let (since, kind) = (since.millis(), kind.map(word).transpose()?);
    let rows = sqlx::query_file_as!(ReportRow, "queries/reports_recent.sql", since, kind)
        .fetch_all(conn)
        .await
        .during("reading reports")?;
    rows.into_iter().map(ReportRow::report).collect()
}

/// What a supervisor has yet to acknowledge.
async fn unacknowledged(conn: &mut SqliteConnection) -> Result<Unacknowledged> {
    let malfunctions = sqlx::query_file_as!(ReportRow, "queries/reports_unseen.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading open malfunctions")?;
    let calls = sqlx::query_file_as!(CallRow, "queries/calls_open.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading open calls")?;
    let approvals = sqlx::query_file_as!(ApprovalRow, "queries/approvals_pending.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading pending approvals")?;
    let quarantine = sqlx::query_file_as!(QuarantineRow, "queries/quarantine_undecided.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading the quarantine")?;
    let unsettled = sqlx::query_file_as!(SessionRow, "queries/sessions_unsettled.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading sessions that nobody counted")?;
    Ok(Unacknowledged {
        malfunctions: malfunctions.into_iter().map(ReportRow::report).collect::<Result<_>>()?,
        calls: calls.into_iter().map(CallRow::call).collect::<Result<_>>()?,
        approvals: approvals.into_iter().map(ApprovalRow::approval).collect::<Result<_>>()?,
        quarantine: quarantine.into_iter().map(QuarantineRow::entry).collect::<Result<_>>()?,
        unsettled: unsettled.into_iter().map(SessionRow::session).collect::<Result<_>>()?,
    })
}

/// What concerns one kiosk.
pub(crate) async fn of_kiosk(conn: &mut SqliteConnection, kiosk: KioskId) -> Result<OfKiosk> {
    let seen = kiosk_seen(&mut *conn, kiosk).await?.ok_or_else(|| StorageError::Defect {
        context: "reading a kiosk",
        reason: format!("the kiosk {kiosk} is not there"),
    })?;
    let id = sqlx::query_file_scalar!("queries/session_of_kiosk.sql", kiosk.0)
        .fetch_optional(&mut *conn)
        .await
        .during("reading a kiosk's session")?;
    let mut session = None;
    if let Some(id) = id {
        let row = sqlx::query_file_as!(SessionRow, "queries/session.sql", id)
            .fetch_one(&mut *conn)
            .await
            .during("reading a kiosk's session")?;
        let claimant = sqlx::query_file_as!(ClaimantRow, "queries/claimant.sql", id)
            .fetch_one(&mut *conn)
            .await
            .during("reading a kiosk's claim")?;
        session = Some((row.session()?, claimant.claimant(SessionId(id))?));
    }
    let messages = sqlx::query_file_as!(MessageRow, "queries/messages_unconfirmed.sql", kiosk.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a kiosk's messages")?
        .into_iter()
        .map(MessageRow::message)
        .collect::<Result<_>>()?;
    Ok(OfKiosk { session, messages, config: KioskConfig { name: seen.name, station_id: seen.station_id } })
}

async fn kiosk_seen(conn: &mut SqliteConnection, kiosk: KioskId) -> Result<Option<KioskSeen>> {
    sqlx::query_file_as!(KioskRow, "queries/kiosk_seen.sql", kiosk.0)
        .fetch_optional(conn)
        .await
        .during("reading a kiosk")?
        .map(KioskRow::seen)
        .transpose()
}

impl Tx {
    /// A kiosk as boards see it; none where it was revoked.
    pub(crate) async fn kiosk_seen(&mut self, kiosk: KioskId) -> Result<Option<KioskSeen>> {
        kiosk_seen(&mut self.conn, kiosk).await
    }

    /// Keeps whether a kiosk is heard, where that has changed.
    pub(crate) async fn hear_kiosk(&mut self, kiosk: KioskId, contact: Contact) -> Result<()> {
        let Some(old) = self.kiosk_seen(kiosk).await?.filter(|old| old.contact != contact) else { return Ok(()) };
        let last_contact_at = match contact {
            Contact::Online => None,
            Contact::Stale | Contact::Lost => Some(old.last_contact_at.unwrap_or(self.now)),
        };
        let (word, at) = (word(contact)?, last_contact_at.map(Timestamp::millis));
        sqlx::query_file!("queries/kiosk_contact_set.sql", kiosk.0, word, at)
            .execute(&mut self.conn)
            .await
            .during("keeping a kiosk's contact")?;
        let new = KioskSeen { contact, last_contact_at, ..old.clone() };
        self.record(Row::Kiosks(Pair::changed(old, new))).await
    }
}
