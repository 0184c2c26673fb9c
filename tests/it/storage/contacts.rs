//! Who is heard, and what becomes of those who are not.

use super::world::{World, complete, instance, refusal, token};
use millrace_domain::Refusal;
use millrace_domain::change::Row;
use millrace_protocol::session::{CloseReason, Contact, HeartbeatRequest, SessionStatus};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

pub async fn a_heartbeat_is_no_change(world: World) {
    let session = world.open(1).await.session.id;
    // Sign-ins of those who do nothing run out meanwhile; that is no business of a heartbeat.
    let floor = async || world.log().await.into_iter().filter(|told| !matches!(told.row, Row::Rights { .. })).count();
    let before = floor().await;
    for _ in 0..50 {
        world.pass(15 * SECOND).await;
        world.heartbeat(1, session).await.expect("is heard");
    }
    assert_eq!(floor().await, before);
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
    world.pass(270 * SECOND).await;
    assert_eq!(world.live().await.len(), 1);
    world.pass(40 * SECOND).await;
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
        world.storage.heartbeat(token(1), None, closing.clone()).await.expect("is heard");
        let lost = &world.live().await[0];
        assert_eq!((lost.contact, lost.last_contact_at), (Contact::Lost, Some(session.started_at)));
    }
    world.pass(60 * SECOND).await;
    assert_eq!(world.live().await.len(), 0);
}

pub async fn heartbeats_that_come_together_are_answered_each_as_alone(world: World) {
    let mut ids = Vec::new();
    for n in 1..=6 {
        ids.push(world.open(n).await.session.id);
    }
    world.tap(world.action(6, 1, 1, ids[5], complete(None), "end")).await.result.expect("ends");
    world.pass(15 * SECOND).await;
    let plain = |n: u8| HeartbeatRequest {
        session_id: ids[usize::from(n) - 1],
        instance_id: instance(n),
        epoch: None,
        closing: false,
    };
    let beats = [
        (1, None, plain(1)),
        // Not his session, not his instance, not his epoch, not his kiosk.
        (2, Some("1003".to_owned()), plain(2)),
        (3, None, HeartbeatRequest { instance_id: instance(9), ..plain(3) }),
        (3, None, HeartbeatRequest { epoch: Some(2), ..plain(3) }),
        (4, None, plain(3)),
        // Closing, and then heard again; and the other way round.
        (4, None, HeartbeatRequest { closing: true, ..plain(4) }),
        (4, None, plain(4)),
        (5, None, HeartbeatRequest { epoch: Some(1), ..plain(5) }),
        (5, None, HeartbeatRequest { closing: true, ..plain(5) }),
        (6, None, plain(6)),
        // Nobody's token.
        (99, None, plain(1)),
    ];
    let seen = "leases WHERE last_seen_at >= (SELECT max(started_at) + 15000 FROM sessions)";
    assert_eq!(world.count(seen).await, 0);
    // The first goes alone; the others come while it is being written.
    let together = beats.map(|(n, code, beat)| world.storage.heartbeat(token(n), code, beat));
    let answers: Vec<_> = futures_util::future::join_all(together).await.into_iter().map(refusal).collect();
    let heard: Vec<_> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(heard, [true, false, false, false, false, true, true, true, true, false, false], "{answers:?}");
    assert!(matches!(answers[1], Err(Refusal::Forbidden { .. })));
    assert!(answers[2..5].iter().all(|answer| matches!(answer, Err(Refusal::InstanceMismatch { .. }))));
    assert!(matches!(answers[9], Err(Refusal::SessionNotActive { .. })));
    assert!(matches!(answers[10], Err(Refusal::Unauthenticated { .. })));
    let contacts: Vec<_> = world.live().await.iter().map(|session| (session.id, session.contact)).collect();
    let contact = |n: usize| contacts.iter().find(|(id, _)| *id == ids[n - 1]).map(|(_, contact)| *contact);
    assert_eq!((contact(4), contact(5)), (Some(Contact::Online), Some(Contact::Lost)));
    assert_eq!(world.count(seen).await, 3, "only those of 1, 4 and 5 were prolonged");
}

pub async fn who_was_told_to_beat_less_often_is_stale_later(world: World) {
    let session = world.open(1).await.session.id;
    world.sql("UPDATE leases SET next_ms = 60000").await;
    world.pass(110 * SECOND).await;
    assert_eq!(world.live().await[0].contact, Contact::Online);
    world.pass(15 * SECOND).await;
    assert_eq!(world.live().await[0].contact, Contact::Stale);
    world.heartbeat(1, session).await.expect("is heard");
    world.pass(31 * SECOND).await;
    assert_eq!(world.live().await[0].contact, Contact::Stale, "told the usual again");
}
