//! Who is heard, and what becomes of those who are not.

use super::world::{World, instance, kiosk};
use millrace_domain::change::Row;
use millrace_protocol::session::{CloseReason, Contact, HeartbeatRequest, SessionStatus};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

pub async fn a_heartbeat_is_no_change(world: World) {
    let session = world.open(1).await.session.id;
    let before = world.log().await.len();
    for _ in 0..50 {
        world.pass(15 * SECOND).await;
        world.heartbeat(1, session).await.expect("is heard");
    }
    assert_eq!(world.log().await.len(), before);
}

pub async fn contact_fades_and_comes_back(world: World) {
    let session = world.open(1).await.session;
    world.pass(30 * SECOND).await;
    let stale = &world.live().await[0];
    assert_eq!((stale.contact, stale.last_contact_at), (Contact::Stale, Some(session.started_at)));
    world.pass(90 * SECOND).await;
    assert_eq!(world.live().await[0].contact, Contact::Lost);
    let before = world.log().await.len();
    world.heartbeat(1, session.id).await.expect("is heard");
    let back = &world.live().await[0];
    assert_eq!((back.contact, back.last_contact_at), (Contact::Online, None));
    assert_eq!(world.log().await.len(), before + 1);
}

pub async fn silence_ends_a_session_at_its_last_contact(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(60 * SECOND).await;
    world.heartbeat(1, session).await.expect("is heard");
    let last = world.now();
    world.pass(290 * SECOND).await;
    assert_eq!(world.live().await.len(), 1);
    world.pass(20 * SECOND).await;
    assert_eq!(world.live().await.len(), 0);
    let log = world.log().await;
    let closed = log.iter().rev().find_map(|change| match &change.row {
        Row::Sessions { new, .. } if new.status != SessionStatus::Active => Some(new),
        _ => None,
    });
    let closed = closed.expect("it was closed");
    assert_eq!((closed.close_reason, closed.provisional), (Some(CloseReason::Idle), true));
    // The real clock runs on between the heartbeat and our look at it.
    let late = closed.ended_at.expect("an end").millis_since(last).abs();
    assert!(late < 2_000, "it ends at the last contact, not {late} ms from it");
    assert_eq!(world.count("status_events WHERE ended_at IS NULL").await, 0);
    assert_eq!(world.count("leases").await, 0);
}

pub async fn racing_sweeps_and_heartbeats_leave_no_open_event(world: World) {
    let mut sessions = Vec::new();
    for n in 1..=20 {
        sessions.push((n, world.open(n).await.session.id));
    }
    world.pass(290 * SECOND).await;
    world.clock.advance(15 * SECOND);
    // Heartbeats of half of them race two sweeps.
    let beats = sessions.iter().filter(|(n, _)| n % 2 == 0).map(|(n, id)| world.heartbeat(*n, *id));
    let sweeps = (0..2).map(|_| world.storage.sweep(0));
    let (beats, swept) = tokio::join!(futures_util::future::join_all(beats), futures_util::future::join_all(sweeps));
    let closed: u64 = swept.into_iter().map(|s| s.expect("sweeps").closed).sum();
    let heard = beats.iter().filter(|beat| beat.is_ok()).count();
    assert_eq!(world.live().await.len(), heard, "who was heard is open, who was not is closed");
    assert_eq!(closed, 20 - u64::try_from(heard).expect("few"));
    assert_eq!(world.count("status_events WHERE ended_at IS NULL").await, i64::try_from(heard).expect("few"));
    assert_eq!(world.count("leases").await, i64::try_from(heard).expect("few"));
}

pub async fn after_an_outage_nobody_is_closed(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(20 * SECOND).await;
    // Six minutes in which no server watched.
    world.clock.advance(360 * SECOND);
    assert_eq!(world.storage.sweep(0).await.expect("sweeps").closed, 0);
    world.pass(290 * SECOND).await;
    assert_eq!(world.live().await.len(), 1, "a whole idle limit has to pass first");
    assert_eq!(world.heartbeat(1, session).await, Ok(1));

    // A wall clock that was set forward is no silence either.
    world.clock.jump_wall(600_000);
    assert_eq!(world.storage.sweep(600_000).await.expect("sweeps").closed, 0);
    assert_eq!(world.heartbeat(1, session).await, Ok(1));
}

pub async fn a_closing_heartbeat_prolongs_nothing(world: World) {
    let session = world.open(1).await.session;
    let closing = HeartbeatRequest { session_id: session.id, instance_id: instance(1), epoch: Some(1), closing: true };
    for _ in 0..10 {
        world.pass(25 * SECOND).await;
        world.storage.heartbeat(kiosk(1), None, closing.clone()).await.expect("is heard");
        let lost = &world.live().await[0];
        assert_eq!((lost.contact, lost.last_contact_at), (Contact::Lost, Some(session.started_at)));
    }
    world.pass(60 * SECOND).await;
    assert_eq!(world.live().await.len(), 0);
}
