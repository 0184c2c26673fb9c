//! [`Access`] on SQLite.

use crate::Sqlite;
use crate::encoding::{count, from_word, moment};
use crate::error::Context;
use crate::rows::WorkerRow;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::Policy;
use millrace_domain::change::{Holder, Pair, Row};
use millrace_domain::storage::{Access, Enrolment, KioskIdentity, Login, Result, SignedIn, TokenHash};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::access::{Enrolled, User};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::Worker;
use millrace_protocol::{EnrolmentCodeId, KioskId, StationId, UserId, WorkerId};

/// A sign-in is touched at most this often: it is good for ten minutes, and each touch is a write. In milliseconds.
const TOUCH_MS: i64 = 30_000;

#[async_trait]
impl Access for Sqlite {
    async fn kiosk(&self, token: TokenHash) -> Result<Option<KioskIdentity>> {
        let token = token.as_slice();
        let row = sqlx::query_file!("queries/kiosk_by_token.sql", token)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a kiosk")?;
        row.map(|row| {
            Ok(KioskIdentity {
                id: KioskId(row.id),
                name: row.name,
                station: row.station_id.map(StationId),
                last_seq: count(row.last_seq)?,
                program: row.program,
            })
        })
        .transpose()
    }

    async fn create_enrolment(&self, enrolment: Enrolment) -> Result<(EnrolmentCodeId, Timestamp)> {
        let (chance, policy) = (self.chance.clone(), self.policy.clone());
        self.write(move |tx| Box::pin(async move { tx.create_enrolment(&enrolment, &*chance, &policy).await })).await
    }

    async fn enrol(&self, code: TokenHash, token: TokenHash) -> Result<Option<Enrolled>> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.enrol(code, token, &*chance).await })).await
    }

    async fn revoke_kiosk(&self, kiosk: KioskId, by: &str) -> Result<bool> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now.millis();
                let seen = tx.kiosk_seen(kiosk).await?;
                let done = sqlx::query_file!("queries/kiosk_revoke.sql", kiosk.0, now)
                    .execute(&mut tx.conn)
                    .await
                    .during("revoking a kiosk")?;
                let revoked = done.rows_affected() == 1;
                if revoked {
                    if let Some(seen) = seen {
                        tx.record(Row::Kiosks(Pair::gone(seen))).await?;
                    }
                    tx.record(Row::Rights { holder: Holder::Kiosk(kiosk) }).await?;
                    tx.audit(&by, "revoke", &format!("kiosk {kiosk}")).await?;
                }
                Ok(revoked)
            })
        })
        .await
    }

    async fn user_by_name(&self, username: &str) -> Result<Option<(User, String)>> {
        let row = sqlx::query_file!("queries/user_by_name.sql", username)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a user")?;
        row.map(|row| {
            let user = User { id: UserId(row.id), username: row.username, name: row.name, role: from_word(row.role)? };
            Ok((user, row.password_hash))
        })
        .transpose()
    }

    async fn log_in(&self, user: User, token: TokenHash) -> Result<Login> {
        let policy = self.policy.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let expires_at = tx.now.plus_millis(Policy::signed(policy.login_ms));
                let (now, until, token) = (tx.now.millis(), expires_at.millis(), token.as_slice());
                let number = sqlx::query_file_scalar!("queries/login_insert.sql", user.id.0, token, now, until)
                    .fetch_one(&mut tx.conn)
                    .await
                    .during("starting a login")?;
                tx.audit(&user.username, "login", "").await?;
                Ok(Login { number, user, expires_at })
            })
        })
        .await
    }

    async fn login(&self, token: TokenHash) -> Result<Option<Login>> {
        let (token, now) = (token.as_slice(), self.clock.now().millis());
        let row = sqlx::query_file!("queries/login_by_token.sql", token, now)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a login")?;
        row.map(|row| {
            let user = User { id: UserId(row.id), username: row.username, name: row.name, role: from_word(row.role)? };
            Ok(Login { number: row.number, user, expires_at: moment(row.expires_at) })
        })
        .transpose()
    }

    async fn log_out(&self, login: i64) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now.millis();
                let done = sqlx::query_file!("queries/login_end.sql", login, now)
                    .execute(&mut tx.conn)
                    .await
                    .during("ending a login")?;
                if done.rows_affected() == 1 {
                    tx.record(Row::Rights { holder: Holder::Login(login) }).await?;
                }
                Ok(())
            })
        })
        .await
    }

    async fn worker_by_badge(&self, badge: TokenHash) -> Result<Option<(Worker, Option<String>)>> {
        let (badge, now) = (badge.as_slice(), self.clock.now().millis());
        let row = sqlx::query_file_as!(WorkerRow, "queries/worker_by_badge.sql", badge, now)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a badge")?;
        Ok(row.map(WorkerRow::worker))
    }

    async fn worker_by_code(&self, code: &str) -> Result<Option<(Worker, Option<String>)>> {
        let row = sqlx::query_file_as!(WorkerRow, "queries/worker_by_code.sql", code)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a worker")?;
        Ok(row.map(WorkerRow::worker))
    }

    async fn sign_in(&self, kiosk: KioskId, worker: WorkerId) -> Result<SignedIn> {
        self.write(move |tx| Box::pin(tx.sign_in(kiosk, worker))).await
    }

    async fn sign_out(&self, kiosk: KioskId) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                tx.end_sign_in(kiosk, None).await?;
                sqlx::query_file!("queries/sign_out.sql", kiosk.0)
                    .execute(&mut tx.conn)
                    .await
                    .during("signing out")
                    .map(drop)
            })
        })
        .await
    }

    async fn signed_in(&self, kiosk: KioskId) -> Result<Option<Worker>> {
        let Some((worker, untouched)) = self.read_sign_in(kiosk).await? else { return Ok(None) };
        if untouched > TOUCH_MS {
            self.write(move |tx| {
                Box::pin(async move {
                    let now = tx.now.millis();
                    sqlx::query_file!("queries/sign_in_touch.sql", kiosk.0, now)
                        .execute(&mut tx.conn)
                        .await
                        .during("touching a sign-in")
                        .map(drop)
                })
            })
            .await?;
        }
        Ok(Some(worker))
    }

    async fn who_is_signed_in(&self, kiosk: KioskId) -> Result<Option<Worker>> {
        Ok(self.read_sign_in(kiosk).await?.map(|(worker, _)| worker))
    }
}

impl Sqlite {
    /// Who is signed in on a kiosk, and for how many milliseconds nobody has touched that.
    async fn read_sign_in(&self, kiosk: KioskId) -> Result<Option<(Worker, i64)>> {
        let row = sqlx::query_file!("queries/signed_in.sql", kiosk.0)
            .fetch_optional(&self.readers)
            .await
            .during("reading who is signed in")?;
        let Some(row) = row else { return Ok(None) };
        let untouched = self.clock.now().millis_since(moment(row.touched_at));
        if !row.working && untouched > Policy::signed(self.policy.sign_in_ms) {
            return Ok(None);
        }
        let worker = Worker { id: WorkerId(row.id), code: row.code, name: row.name, language: row.language };
        Ok(Some((worker, untouched)))
    }
}

impl Tx {
    async fn create_enrolment(
        &mut self,
        enrolment: &Enrolment,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<(EnrolmentCodeId, Timestamp)> {
        let id = EnrolmentCodeId(chance.uuid(self.now));
        let request = &enrolment.request;
        let station = request.station_id.map(|id| id.0);
        let expires_at = self.now.plus_millis(Policy::signed(policy.enrolment_ms));
        let (code, until) = (enrolment.code.as_slice(), expires_at.millis());
        if let Some(station) = station {
            let known = sqlx::query_file!("queries/station.sql", station)
                .fetch_optional(&mut self.conn)
                .await
                .during("reading a station")?;
            if known.is_none() {
                return Err(Refusal::StationNotAllowed.into());
            }
        }
        let (name, by) = (&request.kiosk_name, &enrolment.by);
        sqlx::query_file!("queries/enrolment_insert.sql", code, name, station, until, id.0, by)
            .execute(&mut self.conn)
            .await
            .during("storing an enrolment code")?;
        self.audit(by, "create", &format!("enrolment code {id} {name}")).await?;
        Ok((id, expires_at))
    }

    async fn enrol(&mut self, code: TokenHash, token: TokenHash, chance: &dyn Chance) -> Result<Option<Enrolled>> {
        let (now, code, token) = (self.now.millis(), code.as_slice(), token.as_slice());
        let used = sqlx::query_file!("queries/enrolment_use.sql", code, now)
            .fetch_optional(&mut self.conn)
            .await
            .during("using an enrolment code")?;
        let Some(used) = used else { return Ok(None) };
        let id = chance.uuid(self.now);
        sqlx::query_file!("queries/kiosk_insert.sql", id, used.kiosk_name, used.station_id, token, now)
            .execute(&mut self.conn)
            .await
            .during("enrolling a kiosk")?;
        if let Some(seen) = self.kiosk_seen(KioskId(id)).await? {
            self.record(Row::Kiosks(Pair::made(seen))).await?;
        }
        self.audit("enrolment", "enrol", &used.kiosk_name).await?;
        Ok(Some(Enrolled {
            kiosk_id: KioskId(id),
            kiosk_name: used.kiosk_name,
            token: None,
            station_id: used.station_id.map(StationId),
        }))
    }

    async fn sign_in(&mut self, kiosk: KioskId, worker: WorkerId) -> Result<SignedIn> {
        let now = self.now.millis();
        let row = sqlx::query_file_as!(WorkerRow, "queries/worker.sql", worker.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a worker")?
            .ok_or_else(|| Refusal::Unauthenticated { what: "This worker is not in service any more.".into() })?;
        self.end_sign_in(kiosk, Some(worker)).await?;
        sqlx::query_file!("queries/sign_in.sql", kiosk.0, worker.0, now)
            .execute(&mut self.conn)
            .await
            .during("signing in")?;
        Ok(SignedIn { worker: row.worker().0, last_seq: self.last_seq(kiosk).await?, now: self.now })
    }

    /// Tells that whoever is signed in at a kiosk is not any more, unless it is who comes.
    async fn end_sign_in(&mut self, kiosk: KioskId, comes: Option<WorkerId>) -> Result<()> {
        let worker = sqlx::query_file_scalar!("queries/sign_in_of.sql", kiosk.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading who is signed in")?
            .map(WorkerId);
        match worker.filter(|worker| Some(*worker) != comes) {
            Some(worker) => self.record(Row::Rights { holder: Holder::SignIn { kiosk, worker } }).await,
            None => Ok(()),
        }
    }

    /// Ends the sign-ins that nobody has touched for too long and that no open session keeps: the streams that were
    /// opened under them end, too.
    pub(crate) async fn end_lapsed_sign_ins(&mut self, policy: &Policy) -> Result<()> {
        let before = self.now.millis().saturating_sub(Policy::signed(policy.sign_in_ms));
        let lapsed = sqlx::query_file!("queries/sign_ins_lapsed.sql", before)
            .fetch_all(&mut self.conn)
            .await
            .during("ending sign-ins that lapsed")?;
        for row in lapsed {
            let holder = Holder::SignIn { kiosk: KioskId(row.kiosk_id), worker: WorkerId(row.worker_id) };
            self.record(Row::Rights { holder }).await?;
        }
        Ok(())
    }

    /// Ends a worker's sign-ins, wherever they are.
    pub(crate) async fn end_sign_ins_of(&mut self, worker: WorkerId) -> Result<()> {
        let kiosks = sqlx::query_file_scalar!("queries/worker_sign_ins_delete.sql", worker.0)
            .fetch_all(&mut self.conn)
            .await
            .during("signing a worker out")?;
        for kiosk in kiosks {
            self.record(Row::Rights { holder: Holder::SignIn { kiosk: KioskId(kiosk), worker } }).await?;
        }
        Ok(())
    }

    /// Adds to the audit log.
    pub(crate) async fn audit(&mut self, actor: &str, verb: &str, object: &str) -> Result<()> {
        let now = self.now.millis();
        sqlx::query_file!("queries/audit.sql", now, actor, verb, object)
            .execute(&mut self.conn)
            .await
            .during("adding to the audit log")
            .map(drop)
    }
}
