//! [`Messages`] on SQLite.

use super::newest_first;
use crate::Sqlite;
use crate::effects::exactly_one;
use crate::encoding::{count, maybe_moment, millis, moment};
use crate::error::Context;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::change::{Pair, Row};
use millrace_domain::storage::{Actor, Asked, Listed, Messages, Result};
use millrace_domain::{Chance, Refusal, message};
use millrace_protocol::floor::Message;
use millrace_protocol::{KioskId, MessageId};
use uuid::Uuid;

/// A row of `messages`.
pub(crate) struct MessageRow {
    pub(crate) id: Uuid,
    pub(crate) kiosk_id: Uuid,
    pub(crate) text: String,
    pub(crate) sent_at: i64,
    pub(crate) sent_by: String,
    pub(crate) shown_at: Option<i64>,
    pub(crate) confirmed_at: Option<i64>,
    pub(crate) version: i64,
}

impl MessageRow {
    pub(crate) fn message(self) -> Result<Message> {
        Ok(Message {
            id: MessageId(self.id),
            kiosk_id: KioskId(self.kiosk_id),
            text: self.text,
            sent_at: moment(self.sent_at),
            sent_by: self.sent_by,
            shown_at: maybe_moment(self.shown_at),
            confirmed_at: maybe_moment(self.confirmed_at),
            version: count(self.version)?,
        })
    }
}

#[async_trait]
impl Messages for Sqlite {
    async fn send_message(&self, by: Actor, kiosk: KioskId, text: String) -> Result<Message> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.send_message(&by, kiosk, text, &*chance).await })).await
    }

    async fn messages(&self, asked: Asked, kiosk: Option<KioskId>) -> Result<Listed<Message>> {
        let ((before, id), limit) = (newest_first(&asked, None)?, asked.rows());
        let rows = match kiosk {
            Some(kiosk) => {
                sqlx::query_file_as!(MessageRow, "queries/messages_of_kiosk.sql", before, id, kiosk.0, limit)
                    .fetch_all(&self.readers)
                    .await
            }
            None => {
                sqlx::query_file_as!(MessageRow, "queries/messages.sql", before, id, limit)
                    .fetch_all(&self.readers)
                    .await
            }
        };
        let messages = rows.during("reading messages")?.into_iter().map(MessageRow::message).collect::<Result<_>>()?;
        Ok(Listed::cut(messages, &asked, |message: &Message| (message.sent_at.millis().to_string(), message.id.0)))
    }

    async fn unconfirmed_messages(&self, kiosk: KioskId) -> Result<Vec<Message>> {
        sqlx::query_file_as!(MessageRow, "queries/messages_unconfirmed.sql", kiosk.0)
            .fetch_all(&self.readers)
            .await
            .during("reading a kiosk's messages")?
            .into_iter()
            .map(MessageRow::message)
            .collect()
    }

    async fn message_shown(&self, kiosk: KioskId, id: MessageId) -> Result<Message> {
        self.write(move |tx| {
            Box::pin(async move {
                let old = tx.message_to(kiosk, id).await?;
                let new = message::shown(&old, tx.now);
                tx.change_message(old, new).await
            })
        })
        .await
    }

    async fn message_confirmed(&self, kiosk: KioskId, id: MessageId) -> Result<Message> {
        self.write(move |tx| {
            Box::pin(async move {
                let old = tx.message_to(kiosk, id).await?;
                let new = message::confirmed(&old, tx.now);
                tx.change_message(old, new).await
            })
        })
        .await
    }
}

impl Tx {
    async fn send_message(&mut self, by: &Actor, kiosk: KioskId, text: String, chance: &dyn Chance) -> Result<Message> {
        let known = sqlx::query_file_scalar!("queries/kiosk_in_service.sql", kiosk.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a kiosk")?;
        if known.is_none() {
            let what = "There is no such kiosk, or it was revoked. Look the id up again.";
            return Err(Refusal::NotFound { what: what.into() }.into());
        }
        let message = Message {
            id: MessageId(chance.uuid(self.now)),
            kiosk_id: kiosk,
            text,
            sent_at: self.now,
            sent_by: by.name.clone(),
            shown_at: None,
            confirmed_at: None,
            version: 1,
        };
        let (m, now, version) = (&message, self.now.millis(), i64::from(message.version));
        sqlx::query_file!("queries/message_insert.sql", m.id.0, kiosk.0, m.text, now, m.sent_by, version)
            .execute(&mut self.conn)
            .await
            .during("sending a message")?;
        self.audit(&by.name, "send", &format!("message {} to kiosk {kiosk}", message.id)).await?;
        self.record(Row::Messages(Pair::made(message.clone()))).await?;
        Ok(message)
    }

    /// A message to this kiosk: of another's it knows nothing.
    async fn message_to(&mut self, kiosk: KioskId, id: MessageId) -> Result<Message> {
        let row = sqlx::query_file_as!(MessageRow, "queries/message.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a message")?;
        let message = row.map(MessageRow::message).transpose()?.filter(|message| message.kiosk_id == kiosk);
        let missing = || Refusal::NotFound { what: "There is no such message to this kiosk.".into() };
        Ok(message.ok_or_else(missing)?)
    }

    /// Writes a message as it is to be; without `new` it is so already.
    async fn change_message(&mut self, old: Message, new: Option<Message>) -> Result<Message> {
        let Some(new) = new else { return Ok(old) };
        let (shown, confirmed) = (millis(new.shown_at), millis(new.confirmed_at));
        let (from_version, version) = (i64::from(old.version), i64::from(new.version));
        let done = sqlx::query_file!("queries/message_update.sql", new.id.0, from_version, shown, confirmed, version)
            .execute(&mut self.conn)
            .await
            .during("changing a message")?;
        exactly_one(done.rows_affected(), "changing a message")?;
        self.record(Row::Messages(Pair::changed(old, new.clone()))).await?;
        Ok(new)
    }
}
