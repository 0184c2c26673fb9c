//! Parking: an entry that its kiosk can't bring to an end goes to the supervisor as it is.
//!
//! Nothing live is looked at or touched. The quarantine is the answer of the entry's own number from then on: what the
//! kiosk sends of it later, the entry itself or its parking, gets that answer again.

use super::Answer;
use crate::encoding::{from_json, hash, json, number, word};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::action::{Parked, QuarantineReason, Reply};
use millrace_domain::storage::Result;
use millrace_domain::{Chance, Refusal};
use millrace_protocol::floor::QuarantineEntry;
use millrace_protocol::{QuarantineId, SessionId, StationId};

impl Tx {
    /// Parks an entry, once.
    pub(crate) async fn park(&mut self, parked: Parked, chance: &dyn Chance) -> Result<Reply> {
        let (kiosk, seq) = (parked.kiosk.0, number(parked.seq)?);
        let kept = sqlx::query_file!("queries/action.sql", kiosk, seq)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking for an earlier answer")?;
        let is_refused = match kept {
            None => false,
            Some(kept) if hash(&kept.digest)? != parked.digest => {
                let last_seq = self.last_seq(parked.kiosk).await?;
                return Ok(Reply { repeat: false, result: Err(Refusal::SeqReused { seq: parked.seq, last_seq }) });
            }
            Some(kept) => match from_json::<Answer>(&kept.answer)? {
                // Taken, or parked before.
                Ok(answer) => return Ok(Reply { repeat: true, result: Ok(answer) }),
                Err(_) => true,
            },
        };
        let session = match parked.session {
            Some(session) => session,
            None => self.session_of_claim(&parked).await?,
        };
        let body: serde_json::Value = from_json(&parked.request.body)?;
        // Of an opening: nothing is known of its session that could say whose it is, and where.
        let worker_name = match body["workerCode"].as_str() {
            Some(code) => Some(self.name_behind(code).await?),
            None => None,
        };
        let station = match serde_json::from_value::<StationId>(body["stationId"].clone()) {
            Ok(station) => self.station_snapshot(station).await?,
            Err(_) => None,
        };
        let answer = self
            .keep_for_decision(QuarantineEntry {
                id: QuarantineId(chance.uuid(self.now)),
                kiosk_id: parked.kiosk,
                seq: parked.seq,
                session_id: session,
                path: parked.request.path.clone(),
                body,
                problem: Some(from_json(&parked.problem)?),
                reason: word(QuarantineReason::Parked)?,
                occurred_at: parked.occurred_at.unwrap_or(self.now),
                at: self.now,
                worker_name,
                station_name: station.map(|station| station.name),
                decision: None,
                decided_at: None,
                decided_by: None,
                undoes_id: None,
            })
            .await?;
        let path = parked.request.path.as_str();
        let (kept, digest, now) = (json(&answer)?, parked.digest.as_slice(), self.now.millis());
        if is_refused {
            sqlx::query_file!("queries/action_answer.sql", kiosk, seq, kept)
                .execute(&mut self.conn)
                .await
                .during("replacing a refusal")?;
        } else {
            sqlx::query_file!("queries/action_insert.sql", kiosk, seq, digest, kept, now, path)
                .execute(&mut self.conn)
                .await
                .during("keeping an answer")?;
        }
        sqlx::query_file!("queries/kiosk_acted.sql", kiosk, seq)
            .execute(&mut self.conn)
            .await
            .during("keeping a sequence number")?;
        Ok(Reply { repeat: false, result: answer })
    }

    /// The session of an entry that names none itself; none at all where its claim is unknown.
    async fn session_of_claim(&mut self, parked: &Parked) -> Result<SessionId> {
        let Some(instance) = parked.instance else { return Ok(SessionId(uuid::Uuid::nil())) };
        let found = sqlx::query_file_scalar!("queries/session_of_claim.sql", instance.0, parked.kiosk.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a claim")?;
        Ok(SessionId(found.unwrap_or_default()))
    }
}
