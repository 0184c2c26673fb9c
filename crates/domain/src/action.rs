//! Worker actions: which claim they are made under, what that claim is worth, and when they count from.

use crate::Refusal;
use crate::session::{Effect, Effects};
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource};
use millrace_protocol::checklist::ChecklistAnswers;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, StationId};
use serde::{Deserialize, Serialize};

/// From this difference on, a moved time is said in the answer, in milliseconds.
pub const SHIFT_SAID_MS: i64 = 2_000;

/// One action as it reached the server.
#[derive(Debug, Clone)]
pub struct Action<T> {
    /// The kiosk whose token came with it.
    pub kiosk: KioskId,
    /// The worker's code, where it was sent: it has to be the session's.
    pub worker_code: Option<String>,
    /// The session it is about.
    pub session: SessionId,
    /// Its number, its claim and its time.
    pub stamp: ActionStamp,
    /// SHA-256 over path and content: the same number with another digest is another action.
    pub digest: [u8; 32],
    /// The path it was sent to, and its content as JSON: what quarantine keeps.
    pub request: Request,
    /// What is to be done.
    pub what: T,
}

/// A request as it came, for quarantine.
#[derive(Debug, Clone)]
pub struct Request {
    /// The path.
    pub path: String,
    /// The body, JSON.
    pub body: String,
}

/// An opening that waited in the outbox of a kiosk without the server. The action's session is the one that ends, where
/// the machine was handed over, and else the one that opens; its claim likewise.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineStart {
    /// The worker's code: nobody signed him in.
    pub worker: String,
    /// Where.
    pub station: StationId,
    /// Who claims the session that opens.
    pub instance: InstanceId,
    /// The id its kiosk gave it.
    pub id: SessionId,
    /// The station's list at the start, answered.
    pub checklist: Option<ChecklistAnswers>,
    /// What was counted of the session that ends.
    pub handover: Option<HandoverCount>,
}

/// What the next worker said of running production.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HandoverCount {
    /// What he counted.
    pub quantities: Option<Quantities>,
    /// He could not count it.
    pub unknown: bool,
}

/// An entry that a kiosk parks: kept as it is, and not looked into.
#[derive(Debug, Clone)]
pub struct Parked {
    /// The kiosk whose token came with it.
    pub kiosk: KioskId,
    /// The entry's number.
    pub seq: u64,
    /// The session it names; absent where it names none that could be read.
    pub session: Option<SessionId>,
    /// The instance of the claim it was made under, to find its session by.
    pub instance: Option<InstanceId>,
    /// When it was tapped, where that could be read.
    pub occurred_at: Option<Timestamp>,
    /// As of the entry itself, so that it is known again.
    pub digest: [u8; 32],
    /// The entry.
    pub request: Request,
    /// What stands against it, JSON.
    pub problem: String,
}

/// The answer to an action, and whether it was given before.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// This `seq` had been answered before; there was no second effect.
    pub repeat: bool,
    /// The answer.
    pub result: Result<ActionAnswer, Refusal>,
}

/// A claim on a session through time: from the claim to the next one, or to the session's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSpan {
    /// 1, 2, 3 …
    pub epoch: u32,
    /// Who claimed.
    pub instance: InstanceId,
    /// On which kiosk.
    pub kiosk: KioskId,
    /// From when.
    pub from: Timestamp,
    /// Until when; absent for the latest claim.
    pub until: Option<Timestamp>,
}

/// What a claim is worth for one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It owns the session: the action is live.
    Current {
        /// Since when.
        from: Timestamp,
    },
    /// It owned the session last, which was closed for want of contact, and nothing has come in between: the action
    /// brings the session back.
    Returning {
        /// Since when.
        from: Timestamp,
    },
    /// It owned the session when the action was tapped: the action is history, between these bounds.
    Late {
        /// From when.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// Nobody can say: a supervisor has to look.
    Quarantined(QuarantineReason),
}

/// Why an action waits for a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineReason {
    /// No session has this id.
    UnknownSession,
    /// This kiosk and instance never held this epoch.
    NeverOwner,
    /// It was tapped outside the time its epoch owned.
    OutsideEpoch,
    /// Its kiosk could not bring it to an end: it was refused with nobody there, or the server failed at it.
    Parked,
    /// It takes back what lies in quarantine itself.
    UndoesQuarantined,
    /// Its session was opened without the server, and something stood in the way.
    StartedOffline,
}

/// Judges a claim against the claims there were (rules, "Ownership").
///
/// `superseded_at` is when a later session began that a provisionally closed one can't come back beside: of the same
/// worker, or at the same station. Until then its last claim goes on owning its time.
#[must_use]
pub fn judge(
    session: &Session,
    spans: &[ClaimSpan],
    kiosk: KioskId,
    stamp: &ActionStamp,
    superseded_at: Option<Timestamp>,
) -> Standing {
    let Some(span) =
        spans.iter().find(|s| s.epoch == stamp.epoch && s.instance == stamp.instance_id && s.kiosk == kiosk)
    else {
        return Standing::Quarantined(QuarantineReason::NeverOwner);
    };
    if span.until.is_none() && session.status == SessionStatus::Active {
        return Standing::Current { from: span.from };
    }
    if span.until.is_none() && session.provisional && superseded_at.is_none() {
        return Standing::Returning { from: span.from };
    }
    let ended_at = if session.provisional { superseded_at } else { session.ended_at };
    match span.until.or(ended_at) {
        Some(until) if span.from <= stamp.occurred_at && stamp.occurred_at < until => {
            Standing::Late { from: span.from, until }
        }
        _ => Standing::Quarantined(QuarantineReason::OutsideEpoch),
    }
}

/// When a live action counts from: between claim and now, and not before the previous one of its epoch.
#[must_use]
pub fn clamp(occurred_at: Timestamp, from: Timestamp, previous: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let earliest = previous.map_or(from, |previous| previous.max(from));
    occurred_at.min(now).max(earliest)
}

/// The moved time, where it is worth saying.
#[must_use]
pub fn shift(occurred_at: Timestamp, counted_at: Timestamp) -> Option<Timestamp> {
    (counted_at.millis_since(occurred_at).abs() > SHIFT_SAID_MS).then_some(counted_at)
}

/// Marks the stretch that an action began with how well its time is known: told by a wall clock alone, or moved by the
/// server.
pub fn mark_time(effects: &mut Effects, begun: &mut StatusEvent, stamp: &ActionStamp, at: Timestamp) {
    let shifted_from = shift(stamp.occurred_at, at).map(|_| stamp.occurred_at);
    let is_estimated = stamp.clock == ClockSource::Estimated;
    let made = effects.iter_mut().find_map(|effect| match effect {
        Effect::StatusEvent { old: None, new } if new.id == begun.id => Some(new),
        _ => None,
    });
    if let Some(made) = made {
        for event in [&mut **made, begun] {
            event.estimated = is_estimated;
            event.shifted_from = shifted_from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{at, id, session};
    use proptest::prelude::*;

    fn stamp(epoch: u32, instance: u8, occurred: i64) -> ActionStamp {
        ActionStamp {
            seq: 1,
            instance_id: InstanceId(id(instance)),
            epoch,
            occurred_at: at(occurred),
            wall_at: None,
            clock: ClockSource::Synced,
            running_since: None,
        }
    }

    fn two_epochs() -> Vec<ClaimSpan> {
        vec![
            ClaimSpan {
                epoch: 1,
                instance: InstanceId(id(1)),
                kiosk: KioskId(id(11)),
                from: at(0),
                until: Some(at(100)),
            },
            ClaimSpan { epoch: 2, instance: InstanceId(id(2)), kiosk: KioskId(id(12)), from: at(100), until: None },
        ]
    }

    #[test]
    fn the_latest_claim_is_current_and_a_past_one_is_late_inside_its_time() {
        let session = session();
        let spans = two_epochs();
        assert_eq!(
            judge(&session, &spans, KioskId(id(12)), &stamp(2, 2, 150), None),
            Standing::Current { from: at(100) }
        );
        assert_eq!(
            judge(&session, &spans, KioskId(id(11)), &stamp(1, 1, 99), None),
            Standing::Late { from: at(0), until: at(100) }
        );
        assert_eq!(
            judge(&session, &spans, KioskId(id(11)), &stamp(1, 1, 100), None),
            Standing::Quarantined(QuarantineReason::OutsideEpoch)
        );
    }

    #[test]
    fn a_claim_of_another_kiosk_instance_or_epoch_is_nobodys() {
        let session = session();
        let spans = two_epochs();
        for (kiosk, epoch, instance) in [(11, 2, 2), (12, 2, 1), (12, 3, 2), (12, 0, 2)] {
            assert_eq!(
                judge(&session, &spans, KioskId(id(kiosk)), &stamp(epoch, instance, 150), None),
                Standing::Quarantined(QuarantineReason::NeverOwner)
            );
        }
    }

    #[test]
    fn after_the_end_even_the_latest_claim_writes_history_only() {
        let mut session = session();
        session.status = SessionStatus::Completed;
        session.ended_at = Some(at(200));
        let spans = two_epochs();
        assert_eq!(
            judge(&session, &spans, KioskId(id(12)), &stamp(2, 2, 199), None),
            Standing::Late { from: at(100), until: at(200) }
        );
        assert_eq!(
            judge(&session, &spans, KioskId(id(12)), &stamp(2, 2, 200), None),
            Standing::Quarantined(QuarantineReason::OutsideEpoch)
        );
    }

    #[test]
    fn who_was_only_not_heard_comes_back_until_somebody_else_is_there() {
        let mut session = session();
        session.status = SessionStatus::Completed;
        session.ended_at = Some(at(200));
        session.provisional = true;
        let spans = two_epochs();
        let judged = |occurred, superseded: Option<i64>| {
            judge(&session, &spans, KioskId(id(12)), &stamp(2, 2, occurred), superseded.map(at))
        };
        assert_eq!(judged(900, None), Standing::Returning { from: at(100) });
        assert_eq!(judged(499, Some(500)), Standing::Late { from: at(100), until: at(500) });
        assert_eq!(judged(500, Some(500)), Standing::Quarantined(QuarantineReason::OutsideEpoch));
        let earlier_owner = judge(&session, &spans, KioskId(id(11)), &stamp(1, 1, 150), None);
        assert_eq!(earlier_owner, Standing::Quarantined(QuarantineReason::OutsideEpoch), "only the last one");
    }

    proptest! {
        #[test]
        fn a_live_action_never_counts_before_its_claim_or_after_now(
            occurred in -10_000i64..10_000, from in 0i64..1_000, later in 0i64..1_000, previous in proptest::option::of(0i64..2_000),
        ) {
            let now = at(from + later);
            let previous = previous.map(|p| at(p.min(from + later)));
            let counted = clamp(at(occurred), at(from), previous, now);
            prop_assert!(counted >= at(from) && counted <= now);
            prop_assert!(previous.is_none_or(|p| counted >= p));
        }
    }
}
