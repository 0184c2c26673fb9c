//! Who owns a session, and that there is one owner only.

use super::world::{World, caller, complete, instance, kiosk, opening, refusal, station, worker};
use millrace_domain::Refusal;
use millrace_domain::deed::Deed;
use millrace_protocol::action::Outcome;
use millrace_protocol::session::{CloseReason, HandoverRequest, SessionStatus, TakeoverRequest, ThenAction};
use std::collections::BTreeSet;
use std::time::Duration;

fn takeover(world_session: millrace_protocol::SessionId, n: u8, then: Option<ThenAction>) -> TakeoverRequest {
    TakeoverRequest { session_id: world_session, instance_id: instance(n), then, ended_at: None }
}

pub async fn opening_is_idempotent_for_its_instance(world: World) {
    let first = world.open(1).await;
    let again = world.open(1).await;
    assert!(!first.repeat && again.repeat);
    assert_eq!((first.session.id, first.epoch), (again.session.id, again.epoch));
    assert_eq!(world.live().await.len(), 1);
}

pub async fn one_of_many_racing_for_a_station_gets_it(world: World) {
    let tries = (1..=20).map(|n| world.storage.open(caller(n), opening(n, 7)));
    let results = futures_util::future::join_all(tries).await;
    let mut won = 0;
    for result in results {
        match refusal(result) {
            Ok(_) => won += 1,
            Err(refused) => assert!(matches!(refused, Refusal::StationOccupied { .. }), "{refused:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(world.count("sessions").await, 1);
}

pub async fn one_of_many_openings_of_a_worker_is_taken(world: World) {
    let mut callers = Vec::new();
    for n in 1..=20 {
        callers.push((n, world.at(n, 1).await));
    }
    let tries = callers.into_iter().map(|(n, caller)| world.storage.open(caller, opening(n, n)));
    let mut sessions = BTreeSet::new();
    for result in futures_util::future::join_all(tries).await {
        match refusal(result) {
            Ok(owned) => assert!(sessions.insert(owned.session.id)),
            Err(Refusal::SessionAlreadyExists { session }) => assert_eq!(session.worker_id, worker(1)),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(sessions.len(), 1);
    assert_eq!(world.count("sessions").await, 1);
}

pub async fn a_takeover_raises_the_epoch_once(world: World) {
    let owned = world.open(1).await;
    let here = world.at(2, 1).await;
    let taken = world.storage.take_over(here, takeover(owned.session.id, 2, None)).await.expect("takes over");
    let again = world.storage.take_over(here, takeover(owned.session.id, 2, None)).await.expect("repeats");
    assert_eq!((taken.epoch, again.epoch), (2, 2));
    assert!(!taken.repeat && again.repeat);
    assert_eq!(taken.session.last_status_change_at, owned.session.last_status_change_at);
    let lost = world.heartbeat(1, owned.session.id).await;
    assert!(
        matches!(lost, Err(Refusal::InstanceMismatch { owner }) if owner.epoch == 2 && owner.kiosk_name == "Kiosk 2")
    );
    assert_eq!(world.heartbeat(2, owned.session.id).await, Ok(2));
}

pub async fn whoever_takes_over_is_there_and_is_not_asked_at_once(world: World) {
    let session = world.open(1).await.session.id;
    world.storage.sweep(0).await.expect("sweeps");
    // Half a day ago, and nobody has touched it since: it is asked about.
    let long_ago = world.now().plus_millis(-13 * 60 * 60 * 1_000).millis();
    world.sql(&format!("UPDATE sessions SET started_at = {long_ago}")).await;
    world.sql(&format!("UPDATE leases SET touched_at = {long_ago}, last_action_at = {long_ago}")).await;
    world.pass(Duration::from_secs(60)).await;
    let asked = async |world: &World| world.live().await[0].asked_at.is_some();
    assert!(asked(&world).await);
    let here = world.at(2, 1).await;
    world.storage.take_over(here, takeover(session, 2, None)).await.expect("takes over");
    assert!(!asked(&world).await, "who was asked has answered");
    world.pass(Duration::from_secs(120)).await;
    assert!(!asked(&world).await, "he came two minutes ago");
    // A heartbeat proves the device alone; an action, a hand.
    world.sql(&format!("UPDATE leases SET touched_at = {long_ago}")).await;
    world.heartbeat(2, session).await.expect("is heard");
    world.pass(Duration::from_secs(60)).await;
    assert!(asked(&world).await);
    world.tap(world.action(2, 1, 2, session, Deed::StillHere, "here")).await.result.expect("answers");
    world.pass(Duration::from_secs(60)).await;
    assert!(!asked(&world).await);
    // Nobody has to be at a station that is unattended now.
    world.sql(&format!("UPDATE sessions SET asked_at = {long_ago}")).await;
    world.sql(&format!("UPDATE leases SET touched_at = {long_ago}")).await;
    world.sql("UPDATE stations SET attended = 0").await;
    world.pass(Duration::from_secs(60)).await;
    assert_eq!(world.live().await.len(), 1, "it is not closed");
    assert!(!asked(&world).await);
}

pub async fn who_left_the_kiosk_opens_and_takes_nothing(world: World) {
    let session = world.open(1).await.session.id;
    world.storage.sign_out(kiosk(2)).await.expect("signs out");
    let opened = refusal(world.storage.open(caller(2), opening(2, 2)).await);
    assert!(matches!(opened, Err(Refusal::Unauthenticated { .. })), "{opened:?}");
    // The next worker took his place between the check and the write.
    world.at(1, 3).await;
    let taken = refusal(world.storage.take_over(caller(1), takeover(session, 9, None)).await);
    assert!(matches!(taken, Err(Refusal::Unauthenticated { .. })), "{taken:?}");
    assert_eq!(world.heartbeat(1, session).await, Ok(1), "the session goes on");
}

pub async fn only_its_worker_takes_a_session_over(world: World) {
    let owned = world.open(1).await;
    let refused = refusal(world.storage.take_over(caller(2), takeover(owned.session.id, 2, None)).await);
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })));
    assert_eq!(world.heartbeat(1, owned.session.id).await, Ok(1));
}

pub async fn a_discarded_session_is_gone_and_a_productive_one_is_not_discarded(world: World) {
    let abandon = Some(ThenAction::Abandon);
    let mistake = world.open(1).await.session.id;
    let gone = world.storage.take_over(caller(1), takeover(mistake, 1, abandon)).await.expect("discards");
    assert_eq!(gone.session.close_reason, Some(CloseReason::Abandoned));
    assert_eq!(world.live().await.len(), 0);

    let productive = world.open(2).await.session.id;
    world.tap(world.bind(2, 1, 1, productive)).await.result.expect("binds");
    world.tap(world.change(2, 2, 1, productive, "production")).await.result.expect("produces");
    let refused = refusal(world.storage.take_over(caller(2), takeover(productive, 12, abandon)).await);
    assert!(matches!(refused, Err(Refusal::InvalidTransition { .. })), "{refused:?}");
    // Nothing of the refused takeover stays: the first owner still owns it.
    assert_eq!(world.heartbeat(2, productive).await, Ok(1));

    let end = world.action(2, 3, 1, productive, complete(None), "end");
    world.storage.act(end).await.expect("answers").result.expect("ends");
    let ended = refusal(world.storage.take_over(caller(2), takeover(productive, 2, abandon)).await);
    assert!(
        matches!(ended, Err(Refusal::SessionNotActive { .. })),
        "an ordinary end is not told as a discard: {ended:?}"
    );
}

pub async fn a_handover_ends_one_session_and_opens_the_next_in_its_status(world: World) {
    let before = world.open(1).await.session;
    world.tap(world.change(1, 1, 1, before.id, "setup")).await.result.expect("sets up");
    let request = HandoverRequest {
        session_id: before.id,
        station_id: station(1),
        instance_id: instance(9),
        quantities: None,
        quantities_unknown: None,
        checklist: None,
        id: None,
        action: None,
    };
    let elsewhere = refusal(world.storage.hand_over(caller(2), request.clone()).await);
    assert!(matches!(elsewhere, Err(Refusal::InstanceMismatch { .. })), "only at the kiosk that holds the claim");
    let next = world.at(1, 2).await;
    let after = world.storage.hand_over(next, request.clone()).await.expect("hands over");
    let again = world.storage.hand_over(next, request).await.expect("repeats");
    assert!(again.repeat && again.session.id == after.session.id);
    assert_eq!(after.session.current_status.as_ref().map(|s| s.key.as_str()), Some("setup"));
    assert_eq!((after.epoch, after.session.worker_id), (1, worker(2)));
    let live = world.live().await;
    assert_eq!(live.iter().map(|s| s.id).collect::<Vec<_>>(), [after.session.id]);
    assert!(matches!(
        world.heartbeat(1, before.id).await,
        Err(Refusal::SessionNotActive {
            reason: Some(CloseReason::Handover),
            provisional: false,
            ended_at: Some(_),
            ..
        })
    ));
    assert_eq!(world.count("status_events WHERE ended_at IS NULL").await, 1);
}

pub async fn an_ended_session_takes_no_heartbeat(world: World) {
    let session = world.open(1).await.session.id;
    let end = world.action(1, 1, 1, session, complete(None), "end");
    let answer = world.storage.act(end).await.expect("is answered").result.expect("ends");
    assert_eq!(answer.session.map(|s| s.status), Some(SessionStatus::Completed));
    let before = world.log().await.len();
    assert!(matches!(world.heartbeat(1, session).await, Err(Refusal::SessionNotActive { .. })));
    let back = refusal(world.storage.take_over(caller(1), takeover(session, 1, None)).await);
    assert!(matches!(back, Err(Refusal::SessionNotActive { .. })));
    assert_eq!(world.log().await.len(), before);
    assert_eq!(world.live().await.len(), 0);
}

pub async fn a_former_owner_does_not_say_when_a_session_that_was_not_heard_had_ended(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(Duration::from_secs(20)).await;
    let end = world.action(1, 1, 1, session, complete(None), "end");
    world.pass(Duration::from_secs(20)).await;
    let here = world.at(2, 1).await;
    world.storage.take_over(here, takeover(session, 2, None)).await.expect("takes over");
    world.pass(Duration::from_secs(400)).await;
    assert!(world.live().await.is_empty(), "it was closed for want of contact");
    // What the first owner had tapped before it lost the session comes only now.
    assert_eq!(world.tap(end).await.result.expect("is taken").outcome, Outcome::Late);
    // The last one is only away, and comes back.
    let back = world.tap(world.change(2, 1, 2, session, "setup")).await.result.expect("is taken");
    assert_eq!(back.outcome, Outcome::Applied);
    assert_eq!(world.live().await.len(), 1);
}
