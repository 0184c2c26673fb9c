//! The approval of a first product: whether production may begin.

use crate::session::Moment;
use crate::{Policy, Refusal};
use millrace_protocol::ApprovalId;
use millrace_protocol::floor::{Approval, ApprovalStanding, ApprovalState};
use millrace_protocol::job::JobStep;
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;

/// Where the approval for a step stands at a moment. `latest` is the newest request for this step at this station.
#[must_use]
pub fn standing(step: &JobStep, latest: Option<&Approval>, at: Timestamp, policy: &Policy) -> ApprovalStanding {
    if step.first_product_approval { standing_of(latest, at, policy) } else { ApprovalStanding::None }
}

/// The same for a step that asks for one.
#[must_use]
pub fn standing_of(latest: Option<&Approval>, at: Timestamp, policy: &Policy) -> ApprovalStanding {
    let Some(latest) = latest else { return ApprovalStanding::Needed };
    match latest.state {
        ApprovalState::Pending => ApprovalStanding::Pending,
        ApprovalState::Refused => ApprovalStanding::Refused,
        ApprovalState::Withdrawn => ApprovalStanding::Needed,
        ApprovalState::Approved => {
            let holds =
                latest.decided_at.is_some_and(|decided| at.millis_since(decided) < Policy::signed(policy.approval_ms));
            if holds && latest.ended_at.is_none() { ApprovalStanding::Approved } else { ApprovalStanding::Needed }
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
    match (standing(step, latest.as_ref(), at, moment.policy), latest) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::{FixedChance, at, item, live};

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
}
