//! Users as they are managed: rows and what is done to them.

use crate::effects::exactly_one;
use crate::encoding::{count, from_word, word};
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use millrace_domain::change::{Holder, Row};
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::access::Role;
use millrace_protocol::people::{UserDraft, UserRecord};
use millrace_protocol::{UserId, WorkerId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

struct RecordRow {
    id: Uuid,
    username: String,
    name: String,
    role: String,
    active: bool,
    worker_id: Option<Uuid>,
    version: i64,
}

impl RecordRow {
    fn record(self) -> Result<UserRecord> {
        Ok(UserRecord {
            id: UserId(self.id),
            username: self.username,
            name: self.name,
            role: from_word(self.role)?,
            active: self.active,
            worker_id: self.worker_id.map(WorkerId),
            version: count(self.version)?,
        })
    }
}

/// A page of users, by user name.
pub(crate) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<UserRecord>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(RecordRow, "queries/user_records.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading users")?;
    let users = rows.into_iter().map(RecordRow::record).collect::<Result<_>>()?;
    Ok(Listed::cut(users, asked, |user: &UserRecord| (user.username.clone(), user.id.0)))
}

/// A user, from a reader or within a command.
pub(crate) async fn user(reader: impl SqliteExecutor<'_>, id: UserId) -> Result<Option<UserRecord>> {
    sqlx::query_file_as!(RecordRow, "queries/user_record.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a user")?
        .map(RecordRow::record)
        .transpose()
}

fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::Unique => Refusal::Conflict { what: "Another user has this `username`. Choose another.".into() },
        Broken::Reference => Refusal::Invalid { what: "There is no worker `workerId`. Look it up again.".into() },
    }
}

fn manages(role: Role, active: bool) -> bool {
    role == Role::Admin && active
}

impl Tx {
    pub(crate) async fn create_user(
        &mut self,
        by: &Actor,
        draft: &UserDraft,
        password_hash: &str,
        chance: &dyn Chance,
    ) -> Result<UserRecord> {
        let id = UserId(chance.uuid(self.now));
        let (role, worker) = (word(draft.role)?, draft.worker_id.map(|id| id.0));
        sqlx::query_file!(
            "queries/user_create.sql",
            id.0,
            draft.username,
            draft.name,
            role,
            draft.active,
            worker,
            password_hash,
        )
        .execute(&mut self.conn)
        .await
        .unless("making a user", refusal)?;
        self.audit(&by.name, "create", &format!("user {id} {} {role}", draft.username)).await?;
        self.known_user(id).await
    }

    pub(crate) async fn change_user(
        &mut self,
        by: &Actor,
        id: UserId,
        version: u32,
        draft: &UserDraft,
    ) -> Result<UserRecord> {
        let old = self.known_user(id).await?;
        at_version(old.version, version)?;
        if manages(old.role, old.active) && !manages(draft.role, draft.active) {
            self.leaves_an_admin(id).await?;
        }
        let (version, role, worker) = (i64::from(version), word(draft.role)?, draft.worker_id.map(|id| id.0));
        let done = sqlx::query_file!(
            "queries/user_update.sql",
            id.0,
            version,
            draft.username,
            draft.name,
            role,
            draft.active,
            worker,
        )
        .execute(&mut self.conn)
        .await
        .unless("changing a user", refusal)?;
        exactly_one(done.rows_affected(), "changing a user")?;
        if old.role != draft.role || !draft.active {
            self.end_rights(id).await?;
        }
        self.audit(&by.name, "change", &format!("user {id} {} {role}", draft.username)).await?;
        self.known_user(id).await
    }

    pub(crate) async fn set_password(
        &mut self,
        by: &Actor,
        id: UserId,
        version: u32,
        password_hash: &str,
    ) -> Result<UserRecord> {
        let user = self.known_user(id).await?;
        at_version(user.version, version)?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/user_set_password.sql", id.0, version, password_hash)
            .execute(&mut self.conn)
            .await
            .during("setting a password")?;
        exactly_one(done.rows_affected(), "setting a password")?;
        self.end_rights(id).await?;
        self.audit(&by.name, "set password", &format!("user {id} {}", user.username)).await?;
        self.known_user(id).await
    }

    pub(crate) async fn delete_user(&mut self, by: &Actor, id: UserId, version: u32) -> Result<()> {
        let user = self.known_user(id).await?;
        at_version(user.version, version)?;
        if manages(user.role, user.active) {
            self.leaves_an_admin(id).await?;
        }
        self.end_rights(id).await?;
        sqlx::query_file!("queries/logins_delete.sql", id.0)
            .execute(&mut self.conn)
            .await
            .during("removing a user's logins")?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/user_delete.sql", id.0, version).execute(&mut self.conn).await.unless(
            "removing a user",
            |_| Refusal::InUse {
                what: "History needs this user. Take them out of service instead: `active` false.".into(),
            },
        )?;
        exactly_one(done.rows_affected(), "removing a user")?;
        self.audit(&by.name, "delete", &format!("user {id} {}", user.username)).await
    }

    async fn known_user(&mut self, id: UserId) -> Result<UserRecord> {
        let known = user(&mut self.conn, id).await?;
        Ok(known.ok_or_else(|| Refusal::NotFound { what: "There is no such user. Look the id up again.".into() })?)
    }

    /// Ends a user's logins, and with them his streams.
    async fn end_rights(&mut self, id: UserId) -> Result<()> {
        let now = self.now.millis();
        sqlx::query_file!("queries/logins_end.sql", id.0, now)
            .execute(&mut self.conn)
            .await
            .during("ending a user's logins")?;
        self.record(Row::Rights { holder: Holder::User(id) }).await
    }

    /// Somebody has to be left who can manage, or nobody ever could again.
    async fn leaves_an_admin(&mut self, id: UserId) -> Result<()> {
        let others = sqlx::query_file_scalar!("queries/users_other_admins.sql", id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("looking for another administrator")?;
        if others {
            return Ok(());
        }
        let what = "This is the last administrator. Make another one first.".into();
        Err(Refusal::InUse { what }.into())
    }
}
