//! Which kiosks are heard: a kiosk without a session is in contact while its stream is connected.
//!
//! A stream that is cut and made anew is no change of contact: only who stays away is stale after a while, and lost
//! after a longer one. One whose connection had to be given up was silent for longer than that already. What changed is
//! kept as a row like any other, so that boards hear of it in its place.

use super::distributor::Distributor;
use crate::listener::UNANSWERED;
use millrace_domain::Policy;
use millrace_domain::storage::Result;
use millrace_protocol::KioskId;
use millrace_protocol::session::Contact;
use millrace_protocol::stream::KioskSeen;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(5);

/// How many contacts are kept in one command.
const AT_ONCE: usize = 100;

/// What boards were told of each kiosk, and when it was last connected, by the monotonic clock.
#[derive(Debug, Default)]
struct Presence(HashMap<KioskId, (Contact, Duration)>);

impl Presence {
    /// What is to be told now.
    fn look(
        &mut self,
        connected: &HashSet<KioskId>,
        lost: &HashSet<KioskId>,
        now: Duration,
        policy: &Policy,
    ) -> Vec<(KioskId, Contact)> {
        for kiosk in lost {
            if let Some((_, heard)) = self.0.get_mut(kiosk) {
                *heard = (*heard).min(now.saturating_sub(UNANSWERED));
            }
        }
        for kiosk in connected {
            self.0.entry(*kiosk).or_insert((Contact::Lost, now));
        }
        let mut told = Vec::new();
        for (kiosk, (contact, heard)) in &mut self.0 {
            let is = if connected.contains(kiosk) {
                *heard = now;
                Contact::Online
            } else {
                let silent = u64::try_from(now.saturating_sub(*heard).as_millis()).unwrap_or(u64::MAX);
                match silent {
                    silent if silent >= policy.lost_ms => Contact::Lost,
                    silent if silent >= policy.stale_ms => Contact::Stale,
                    // Not long enough to be said; but one that came back for a moment is not online for good.
                    _ => *contact,
                }
            };
            if is != *contact {
                *contact = is;
                told.push((*kiosk, is));
            }
        }
        self.0.retain(|kiosk, (contact, _)| *contact != Contact::Lost || connected.contains(kiosk));
        told
    }
}

impl Distributor {
    /// Watches until the shutdown.
    pub(super) async fn watch_kiosks(&self, policy: &Policy) {
        let mut presence = self.known_kiosks();
        loop {
            if let Err(error) = self.tell(&mut presence, policy).await {
                tracing::warn!(%error, "the contacts of kiosks can't be kept; it will be tried again");
                presence = self.known_kiosks();
            }
            tokio::select! {
                () = self.clock.sleep(INTERVAL) => {}
                () = self.losing.notified() => {}
                () = self.shutdown.cancelled() => return,
            }
        }
    }

    /// What the boards know. Those that an earlier process knew have a while to come back.
    fn known_kiosks(&self) -> Presence {
        let now = self.clock.monotonic();
        let known = |kiosk: &KioskSeen| (kiosk.id, (kiosk.contact, now));
        Presence(self.glance(|picture| picture.heard().map(known).collect()))
    }

    async fn tell(&self, presence: &mut Presence, policy: &Policy) -> Result<()> {
        let (lost, connected) = (self.take_lost(), self.connected_kiosks());
        let told = presence.look(&connected, &lost, self.clock.monotonic(), policy);
        // All kiosks come at once after an outage: a few in one command, so that what workers do gets in between.
        for some in told.chunks(AT_ONCE) {
            self.log.hear_kiosks(some.to_vec()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_absence_is_none_and_a_long_one_is_told_in_two_steps() {
        let policy = Policy::default();
        let kiosk = KioskId(uuid::Uuid::from_bytes([1; 16]));
        let (here, gone) = (HashSet::from([kiosk]), HashSet::new());
        let mut presence = Presence::default();
        let mut look =
            |connected: &HashSet<KioskId>, at| presence.look(connected, &gone, Duration::from_secs(at), &policy);
        assert_eq!(look(&here, 0), [(kiosk, Contact::Online)]);
        assert_eq!(look(&here, 5), []);
        assert_eq!(look(&gone, 34), [], "a stream that rotates");
        assert_eq!(look(&here, 36), []);
        assert_eq!(look(&gone, 65), []);
        assert_eq!(look(&gone, 66), [(kiosk, Contact::Stale)]);
        assert_eq!(look(&gone, 150), []);
        assert_eq!(look(&gone, 156), [(kiosk, Contact::Lost)]);
        assert_eq!(look(&gone, 999), []);
        assert_eq!(look(&here, 1_000), [(kiosk, Contact::Online)]);
    }

    #[test]
    fn one_that_was_lost_with_its_connection_is_stale_at_once_unless_it_is_connected_by_another() {
        let policy = Policy::default();
        let kiosk = KioskId(uuid::Uuid::from_bytes([1; 16]));
        let (here, gone) = (HashSet::from([kiosk]), HashSet::new());
        let mut presence = Presence::default();
        let at = Duration::from_secs;
        assert_eq!(presence.look(&here, &gone, at(60), &policy), [(kiosk, Contact::Online)]);
        assert_eq!(presence.look(&here, &here, at(65), &policy), []);
        assert_eq!(presence.look(&gone, &here, at(70), &policy), [(kiosk, Contact::Stale)]);
        assert_eq!(presence.look(&gone, &gone, at(150), &policy), []);
        assert_eq!(presence.look(&gone, &gone, at(155), &policy), [(kiosk, Contact::Lost)]);
    }
}
