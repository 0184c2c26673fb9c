//! Takeover: the same worker goes on with his session at another kiosk or tab.

use super::addition::here;
use super::{Claimer, Effect, Effects, Live, Moment, amended, changed, made};
use millrace_protocol::StatusEventId;

/// Gives the session to a new claimer. The open status event ends and the same status begins anew
/// under the new epoch, so that an epoch owns the time from its claim on; the time the machine has
/// been in that status (`lastStatusChangeAt`) goes on.
#[must_use]
pub fn take_over(live: &Live, claimer: Claimer, moment: &Moment<'_>) -> (Live, Effects) {
    let epoch = live.epoch + 1;
    let from = moment.now.max(live.event.started_at);
    let (closed, _) = amended(&live.event, |event| event.ended_at = Some(from));
    let mut event = live.event.clone();
    event.id = StatusEventId(moment.chance.uuid(moment.now));
    event.started_at = from;
    event.epoch = epoch;
    event.version = 1;
    // Whoever takes over is there: nobody has to ask him.
    let (updated, session) = changed(&live.session, here);
    let effects = vec![closed, Effect::Claim { session: session.id, claimer, epoch, from }, made(&event), updated];
    (Live { session, event, epoch }, effects)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{FixedChance, at, id, live};
    use super::*;
    use crate::Policy;
    use millrace_protocol::{InstanceId, KioskId};

    #[test]
    fn the_epochs_time_is_cut_but_the_time_in_state_goes_on() {
        let mut before = live();
        before.session.asked_at = Some(at(400));
        let policy = Policy::default();
        let moment = Moment { now: at(500), chance: &FixedChance, policy: &policy };
        let claimer = Claimer { kiosk: KioskId(id(5)), instance: InstanceId(id(6)) };
        let (after, effects) = take_over(&before, claimer, &moment);
        assert_eq!(after.epoch, before.epoch + 1);
        assert_eq!(after.session.asked_at, None, "somebody is there");
        assert_eq!(after.event.started_at, at(500));
        assert_eq!(after.event.status_definition_id, before.event.status_definition_id);
        assert_eq!(after.session.last_status_change_at, before.session.last_status_change_at);
        assert!(
            matches!(&effects[0], Effect::StatusEvent { new, .. } if new.id == before.event.id && new.ended_at == Some(at(500)))
        );
    }
}
