//! Taking back what a kiosk did last: what that was stands in the answer it got.

use super::Answer;
use crate::encoding::{from_json, number};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::Refusal;
use millrace_domain::action::Action;
use millrace_domain::deed::Deed;
use millrace_domain::session::Moment;
use millrace_domain::session::undo::{Made, TakenBack, TakingBack, goes_on, undo};
use millrace_domain::storage::Result;
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{KioskId, QuarantineId};

/// What can be taken back, by where it was sent.
const UNDOABLE: [&str; 3] = ["/api/status-events", "/api/sessions/quantities", "/api/reports"];

impl Tx {
    /// The entry in quarantine that an action became, where it did.
    pub(super) async fn lies_in_quarantine(&mut self, kiosk: KioskId, seq: u64) -> Result<Option<QuarantineId>> {
        Ok(self.done(kiosk, seq).await?.and_then(|(_, answer)| answer.ok()?.quarantine_id))
    }

    /// Takes back what the action numbered `undoes` did. `is_live` says that its owner does, `at` when.
    pub(super) async fn take_back(
        &mut self,
        action: &Action<Deed>,
        undoes: u64,
        session: &Session,
        (at, is_live): (Timestamp, bool),
        moment: &Moment<'_>,
    ) -> Result<TakenBack> {
        let made = self.made_by(action, undoes).await?;
        let past = self.past(session.id).await?;
        let definition = match made.event {
            Some(event) => {
                let (before, _) = goes_on(&past, event)?;
                self.status_by_id(before.status_definition_id, session.station_id).await?
            }
            None => None,
        };
        let minor_stop_ms = self.minor_stop_ms(session.station_id, moment.policy).await?;
        let taking = TakingBack { at, is_live, definition: definition.as_ref(), minor_stop_ms };
        let taken = undo(&past, &made, taking, moment)?;
        self.apply(taken.effects.clone()).await?;
        Ok(taken)
    }

    /// What an action made that may be taken back: the kiosk's last change of status, count or report.
    async fn made_by(&mut self, action: &Action<Deed>, undoes: u64) -> Result<Made> {
        let no = |what: &str| Err(Refusal::InvalidTransition { what: what.to_owned() }.into());
        let answer = match self.done(action.kiosk, undoes).await? {
            Some((path, Ok(answer))) if UNDOABLE.contains(&path.as_str()) => answer,
            Some((_, Err(_))) => return no("What is to be taken back was refused: nothing came of it."),
            Some(_) => return no("This can't be taken back. Put it right with a new entry, or ask your supervisor."),
            None => return no("No action of this kiosk has that number. Nothing is to be taken back."),
        };
        let (kiosk, from, to) = (action.kiosk.0, number(undoes)?, number(action.stamp.seq)?);
        let since = sqlx::query_file!("queries/actions_between.sql", kiosk, from, to)
            .fetch_all(&mut self.conn)
            .await
            .during("reading what a kiosk did since")?;
        for row in since {
            if let Ok(answer) = from_json::<Answer>(&row.answer)?
                && answer.outcome != Outcome::Quarantined
                && (answer.status_event.is_some() || answer.entry.is_some() || !answer.reports.is_empty())
                && !row.path.is_some_and(|path| path.ends_with("/reason"))
            {
                return no("Something was entered after it. Take that back, or put it right with a new entry.");
            }
        }
        Ok(Made {
            event: answer.status_event.map(|event| event.id),
            entry: answer.entry.map(|entry| entry.id),
            reports: answer.reports.into_iter().map(|report| report.id).collect(),
        })
    }

    async fn done(&mut self, kiosk: KioskId, seq: u64) -> Result<Option<(String, Answer)>> {
        // No action has a number that no column holds.
        let Ok(seq) = number(seq) else { return Ok(None) };
        let row = sqlx::query_file!("queries/action_done.sql", kiosk.0, seq)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading what an action did")?;
        row.map(|row| Ok((row.path.unwrap_or_default(), from_json(&row.answer)?))).transpose()
    }
}

/// Says in the answer what was taken back.
pub(super) fn told(answer: &mut ActionAnswer, taken: TakenBack) {
    answer.status_event = taken.event;
    answer.entry = taken.entry;
    answer.reports = taken.reports;
}
