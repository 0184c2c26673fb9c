//! The approval of a first product: whether production may begin.

use crate::session::Moment;
use crate::status::note_if_any;
use crate::{Policy, Refusal};
use millrace_protocol::floor::{Approval, ApprovalStanding, ApprovalState};
use millrace_protocol::job::JobStep;
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ApprovalId, WorkerId};

/// Where the approval for a step stands at a moment. `latest` is the request for this step at this station that was in
/// force then, else the newest that had been made.
#[must_use]
pub fn standing(step: &JobStep, latest: Option<&Approval>, at: Timestamp, policy: &Policy) -> ApprovalStanding {
    if step.first_product_approval { standing_of(latest, at, policy) } else { ApprovalStanding::None }
}

/// The same for a step that asks for one.
#[must_use]
pub fn standing_of(latest: Option<&Approval>, at: Timestamp, policy: &Policy) -> ApprovalStanding {
    let Some(latest) = latest else { return ApprovalStanding::Needed };
    // What was decided later had not been decided then.
    let pending = latest.decided_at.is_some_and(|decided| at < decided);
    match latest.state {
        ApprovalState::Approved | ApprovalState::Refused if pending => ApprovalStanding::Pending,
        ApprovalState::Pending => ApprovalStanding::Pending,
        ApprovalState::Refused => ApprovalStanding::Refused,
        ApprovalState::Withdrawn => ApprovalStanding::Needed,
        ApprovalState::Approved => {
            let holds =
                latest.decided_at.is_some_and(|decided| at.millis_since(decided) < Policy::signed(policy.approval_ms));
            let ended = latest.ended_at.is_some_and(|ended| ended <= at);
            if holds && !ended { ApprovalStanding::Approved } else { ApprovalStanding::Needed }
        }
    }
}

/// Whether production may begin.
///
/// # Errors
/// [`Refusal::ApprovalRequired`] with where the approval stands.
pub fn may_produce(step: &JobStep, latest: Option<&Approval>, at: Timestamp, policy: &Policy) -> Result<(), Refusal> {
    match standing(step, latest, at, policy) {
        ApprovalStanding::None | ApprovalStanding::Approved => Ok(()),
        standing @ (ApprovalStanding::Needed | ApprovalStanding::Pending | ApprovalStanding::Refused) => {
            let note = latest.filter(|_| standing == ApprovalStanding::Refused).and_then(|latest| latest.note.clone());
            Err(Refusal::ApprovalRequired { standing, note })
        }
    }
}

/// A request for the approval of the item that a session works on; the one that is pending, where there is one.
///
/// # Errors
/// [`Refusal::InvalidTransition`] where nothing has to be approved, or it is approved already.
pub fn ask(
    session: &Session,
    step: &JobStep,
    latest: Option<Approval>,
    note: Option<String>,
    at: Timestamp,
    moment: &Moment<'_>,
) -> Result<(Approval, bool), Refusal> {
    let no = |what: &str| Err(Refusal::InvalidTransition { what: what.to_owned() });
    // A question is for now, whenever it was tapped: it is not answered by what was so before the last decision.
    match (standing(step, latest.as_ref(), moment.now, moment.policy), latest) {
        (ApprovalStanding::None, _) => no("This step needs no approval. Start production."),
        (ApprovalStanding::Approved, _) => no("The first product is approved already. Start production."),
        (ApprovalStanding::Pending, Some(pending)) => Ok((pending, false)),
        _ => {
            let (Some(item), Some(name), Some(number)) =
                (session.job_item_id, session.job_item_name.clone(), session.job_number.clone())
            else {
                return Err(Refusal::JobItemRequired);
            };
            let approval = Approval {
                id: ApprovalId(moment.chance.uuid(moment.now)),
                state: ApprovalState::Pending,
                station_id: session.station_id,
                station_code: session.station_code.clone(),
                station_name: session.station_name.clone(),
                session_id: session.id,
                worker_id: session.worker_id,
                worker_name: session.worker_name.clone(),
                job_item_id: item,
                job_item_name: name,
                job_number: number,
                step_id: step.id,
                asked_at: at,
                seen_at: None,
                seen_by: None,
                escalated_at: None,
                decided_at: None,
                decided_by: None,
                note,
                ended_at: None,
                version: 1,
            };
            Ok((approval, true))
        }
    }
}

/// Who decides: a user who may, and the worker he is, where he is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judge {
    /// His user name.
    pub name: String,
    /// The worker he is.
    pub worker: Option<WorkerId>,
}

/// What he decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    approve: bool,
    note: Option<String>,
}

impl Decision {
    /// Production may begin.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a note that can't be kept.
    pub fn approve(note: Option<&str>) -> Result<Self, Refusal> {
        Ok(Self { approve: true, note: note_if_any(note)? })
    }

    /// It may not: the note says why.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] without a note, and for one that can't be kept.
    pub fn refuse(note: Option<&str>) -> Result<Self, Refusal> {
        let Some(note) = note_if_any(note)? else {
            return Err(Refusal::Invalid { what: "A refusal says why in `note`. The worker reads it.".into() });
        };
        Ok(Self { approve: false, note: Some(note) })
    }

    /// What it is called in the audit log.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        if self.approve { "approve" } else { "refuse" }
    }
}

/// The request, seen; none where it was seen before: the first to look is kept.
#[must_use]
pub fn seen(approval: &Approval, by: &str, at: Timestamp) -> Option<Approval> {
    (approval.state == ApprovalState::Pending && approval.seen_at.is_none()).then(|| Approval {
        seen_at: Some(at),
        seen_by: Some(by.to_owned()),
        version: approval.version + 1,
        ..approval.clone()
    })
}

/// The request, decided. Whoever decides has seen it.
///
/// # Errors
/// [`Refusal::Forbidden`] for the session's own worker, [`Refusal::InvalidTransition`] for one that does not wait.
pub fn decided(approval: &Approval, by: &Judge, decision: &Decision, at: Timestamp) -> Result<Approval, Refusal> {
    if by.worker == Some(approval.worker_id) {
        return Err(Refusal::Forbidden {
            what: "Nobody approves the first product of his own session. Ask another supervisor.".into(),
        });
    }
    if approval.state != ApprovalState::Pending {
        let state = format!("{:?}", approval.state).to_lowercase();
        return Err(Refusal::InvalidTransition { what: format!("This request is {state} already. Reload it.") });
    }
    let state = if decision.approve { ApprovalState::Approved } else { ApprovalState::Refused };
    Ok(Approval {
        state,
        seen_at: approval.seen_at.or(Some(at)),
        seen_by: approval.seen_by.clone().or_else(|| Some(by.name.clone())),
        decided_at: Some(at),
        decided_by: Some(by.name.clone()),
        // What the worker had added to his request gives way to a supervisor's words only.
        note: decision.note.clone().or_else(|| approval.note.clone()),
        version: approval.version + 1,
        ..approval.clone()
    })
}

/// The request, raised: nobody has looked for too long.
#[must_use]
pub fn raised(approval: &Approval, at: Timestamp) -> Approval {
    Approval { escalated_at: Some(at), version: approval.version + 1, ..approval.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{FixedChance, at, id, item, live};

    fn step() -> JobStep {
        let mut step = item(10, &[(1, 0, 0)]).steps.remove(0);
        step.first_product_approval = true;
        step
    }

    fn asked() -> Approval {
        let policy = Policy::default();
        let moment = Moment { now: at(0), chance: &FixedChance, policy: &policy };
        let mut session = live().session;
        let item = item(10, &[(1, 0, 0)]);
        session.job_item_id = Some(item.id);
        session.job_item_name = Some(item.name);
        session.job_number = Some(item.job_number);
        ask(&session, &step(), None, None, at(0), &moment).expect("asks").0
    }

    #[test]
    fn an_approval_holds_for_twelve_hours_or_until_the_next_setup() {
        let policy = Policy::default();
        let mut approval = asked();
        let now = |approval: &Approval, millis| standing(&step(), Some(approval), at(millis), &policy);
        assert_eq!(now(&approval, 1), ApprovalStanding::Pending);
        approval.state = ApprovalState::Approved;
        approval.decided_at = Some(at(0));
        assert_eq!(now(&approval, 12 * 3_600_000 - 1), ApprovalStanding::Approved);
        assert_eq!(now(&approval, 12 * 3_600_000), ApprovalStanding::Needed);
        approval.ended_at = Some(at(5));
        assert_eq!(now(&approval, 6), ApprovalStanding::Needed);
    }

    #[test]
    fn a_moment_is_judged_by_what_was_decided_then() {
        let policy = Policy::default();
        let mut approval = asked();
        (approval.decided_at, approval.ended_at) = (Some(at(10)), Some(at(20)));
        for (state, later) in
            [(ApprovalState::Approved, ApprovalStanding::Approved), (ApprovalState::Refused, ApprovalStanding::Refused)]
        {
            approval.state = state;
            let then = |millis| standing(&step(), Some(&approval), at(millis), &policy);
            assert_eq!((then(9), then(10), then(19)), (ApprovalStanding::Pending, later, later), "{state:?}");
        }
        approval.state = ApprovalState::Approved;
        assert_eq!(standing(&step(), Some(&approval), at(20), &policy), ApprovalStanding::Needed, "the next setup");
    }

    #[test]
    fn production_is_refused_until_it_is_approved_and_a_refusal_says_why() {
        let policy = Policy::default();
        let mut approval = asked();
        assert!(may_produce(&step(), None, at(0), &policy).is_err());
        assert!(may_produce(&step(), Some(&approval), at(0), &policy).is_err());
        approval.state = ApprovalState::Refused;
        approval.note = Some("burr".into());
        let refused = may_produce(&step(), Some(&approval), at(0), &policy);
        assert!(refused.is_err_and(|refusal| refusal.to_string().contains("burr")));
        let mut free = step();
        free.first_product_approval = false;
        assert_eq!(may_produce(&free, None, at(0), &policy), Ok(()));
    }

    fn judge(worker: Option<u8>) -> Judge {
        Judge { name: "dana".into(), worker: worker.map(|n| WorkerId(id(n))) }
    }

    #[test]
    fn the_first_to_look_is_kept() {
        let approval = seen(&asked(), "dana", at(1)).expect("seen");
        assert_eq!((approval.seen_at, approval.seen_by.as_deref(), approval.version), (Some(at(1)), Some("dana"), 2));
        assert_eq!(seen(&approval, "omer", at(2)), None);
        let decided = decided(&approval, &judge(None), &Decision::approve(None).expect("a decision"), at(3));
        assert_eq!(decided.map(|decided| decided.seen_at), Ok(Some(at(1))));
    }

    #[test]
    fn nobody_decides_about_his_own_work_and_nobody_twice() {
        let (approval, yes) = (asked(), Decision::approve(None).expect("a decision"));
        assert!(matches!(decided(&approval, &judge(Some(1)), &yes, at(1)), Err(Refusal::Forbidden { .. })));
        let approved = decided(&approval, &judge(Some(2)), &yes, at(1)).expect("approves");
        assert_eq!((approved.state, approved.decided_by.as_deref()), (ApprovalState::Approved, Some("dana")));
        assert!(matches!(decided(&approved, &judge(None), &yes, at(2)), Err(Refusal::InvalidTransition { .. })));
    }

    #[test]
    fn a_refusal_says_why() {
        assert!(Decision::refuse(None).is_err() && Decision::refuse(Some("  ")).is_err());
        let no = Decision::refuse(Some(" too short ")).expect("a decision");
        let refused = decided(&asked(), &judge(None), &no, at(1)).expect("refuses");
        assert_eq!((refused.state, refused.note.as_deref()), (ApprovalState::Refused, Some("too short")));
    }
}
