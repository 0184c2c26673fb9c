//! Worker actions: numbered, claimed, timed, and answered once.

use super::world::{World, caller, complete, instance, kiosk, reason};
use millrace_domain::Refusal;
use millrace_domain::deed::Deed;
use millrace_domain::storage::StorageError;
use millrace_protocol::action::Outcome;
use millrace_protocol::session::{Contact, TakeoverRequest};
use millrace_protocol::time::Timestamp;
use std::time::Duration;

async fn displaced(world: &World) -> millrace_protocol::SessionId {
    let session = world.open(1).await.session.id;
    world.pass(Duration::from_secs(20)).await;
    let here = world.at(2, 1).await;
    let request = TakeoverRequest { session_id: session, instance_id: instance(2), then: None, ended_at: None };
    world.storage.take_over(here, request).await.expect("takes over");
    session
}

pub async fn a_repeat_has_no_second_effect(world: World) {
    let session = world.open(1).await.session.id;
    let tap = world.change(1, 1, 1, session, "setup");
    let first = world.tap(tap.clone()).await;
    let changes = world.log().await.len();
    let again = world.tap(tap).await;
    assert!(!first.repeat && again.repeat);
    assert_eq!(first.result, again.result);
    assert_eq!(world.log().await.len(), changes);
    assert_eq!(world.count("status_events").await, 2);
}

pub async fn a_number_means_one_action_for_ever(world: World) {
    let session = world.open(1).await.session.id;
    world.tap(world.change(1, 7, 1, session, "setup")).await.result.expect("sets up");
    let reused = world.tap(world.change(1, 7, 1, session, "other")).await;
    assert_eq!(reused.result, Err(Refusal::SeqReused { seq: 7, last_seq: 7 }));
    assert_eq!(world.live().await[0].current_status.as_ref().map(|s| s.key.as_str()), Some("setup"));
    // Another kiosk counts by itself.
    let other = world.open(2).await.session.id;
    assert!(world.tap(world.change(2, 7, 1, other, "setup")).await.result.is_ok());
}

pub async fn a_displaced_owner_writes_history_only(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(Duration::from_secs(10)).await;
    let mut tap = world.change(1, 1, 1, session, "other");
    world.pass(Duration::from_secs(10)).await;
    let here = world.at(2, 1).await;
    let request = TakeoverRequest { session_id: session, instance_id: instance(2), then: None, ended_at: None };
    world.storage.take_over(here, request).await.expect("takes over");
    let live = world.live().await;
    let answer = world.tap(tap.clone()).await.result.expect("is taken");
    assert_eq!(answer.outcome, Outcome::Late);
    let event = answer.status_event.expect("an event in history");
    assert_eq!(event.started_at, tap.stamp.occurred_at);
    assert!(event.ended_at.is_some(), "history has no open end");
    assert_eq!(world.live().await, live, "live rows stay as they were");
    // What it tapped after it was displaced is nobody's.
    tap.stamp.seq = 2;
    tap.stamp.occurred_at = world.now();
    assert_eq!(world.tap(tap).await.result.expect("is taken").outcome, Outcome::Quarantined);
    assert_eq!(world.live().await, live);
}

pub async fn what_is_outside_its_epoch_waits_for_a_supervisor(world: World) {
    let session = displaced(&world).await;
    let live = world.live().await;
    for (seq, epoch, n) in [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 99, 1)] {
        let answer = world.tap(world.change(n, seq, epoch, session, "other")).await.result.expect("is taken");
        assert_eq!(answer.outcome, Outcome::Quarantined, "epoch {epoch}");
        assert!(answer.quarantine_id.is_some());
    }
    assert_eq!(world.live().await, live);
    assert_eq!(world.count("quarantine").await, 4);
}

pub async fn a_refused_action_keeps_its_answer(world: World) {
    let session = world.open(1).await.session.id;
    let live = world.live().await;
    for (seq, key, refused) in
        [(1, "wants_reason", Refusal::ReasonRequired), (2, "wants_report", Refusal::ReportRequired)]
    {
        let tap = world.change(1, seq, 1, session, key);
        let first = world.tap(tap.clone()).await;
        assert_eq!(first.result, Err(refused));
        let again = world.tap(tap).await;
        assert!(again.repeat);
        assert_eq!(first.result, again.result);
    }
    assert_eq!(world.live().await, live);
}

pub async fn an_action_of_another_worker_or_kiosk_changes_nothing_live(world: World) {
    let session = world.open(1).await.session.id;
    let live = world.live().await;
    let mut other_worker = world.change(1, 1, 1, session, "other");
    other_worker.worker_code = Some("W02".into());
    assert!(matches!(world.storage.act(other_worker).await, Err(StorageError::Refused(Refusal::Forbidden { .. }))));
    let mut other_kiosk = world.change(1, 1, 1, session, "other");
    other_kiosk.kiosk = kiosk(2);
    assert_eq!(world.tap(other_kiosk).await.result.expect("is taken").outcome, Outcome::Quarantined);
    assert_eq!(world.live().await, live);
    // The number was not used up by what was forbidden.
    assert!(!world.tap(world.change(1, 1, 1, session, "setup")).await.repeat);
}

pub async fn a_tap_in_the_future_counts_from_now(world: World) {
    let session = world.open(1).await.session.id;
    let mut tap = world.change(1, 1, 1, session, "setup");
    tap.stamp.occurred_at = world.now().plus_millis(3_600_000);
    let answer = world.tap(tap).await.result.expect("is taken");
    let event = answer.status_event.expect("an event");
    assert!(event.started_at <= world.now());
    assert_eq!(answer.shifted_to, Some(event.started_at));
    // And one from before the claim counts from the claim, not before the action before it.
    let mut early = world.change(1, 2, 1, session, "other");
    early.stamp.occurred_at = world.now().plus_millis(-3_600_000);
    let early = world.tap(early).await.result.expect("is taken").status_event.expect("an event");
    assert_eq!(early.started_at, event.started_at);
}

pub async fn an_end_that_is_said_to_be_earlier_is_no_shift(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(Duration::from_secs(20)).await;
    let ended = world.now().plus_millis(-10_000);
    let end = world.action(1, 1, 1, session, complete(Some(ended)), "end");
    let answer = world.storage.act(end).await.expect("answers").result.expect("ends");
    assert_eq!(answer.session.and_then(|s| s.ended_at), Some(ended));
    assert_eq!(answer.shifted_to, None);

    // Before it was opened nothing can have ended.
    let other = world.open(2).await.session;
    let end = world.action(2, 1, 1, other.id, complete(Some(other.started_at.plus_millis(-60_000))), "end");
    let answer = world.storage.act(end).await.expect("answers").result.expect("ends");
    assert_eq!(answer.shifted_to, Some(other.started_at));
}

pub async fn a_reason_can_be_given_afterwards(world: World) {
    let session = world.open(1).await.session.id;
    let event =
        world.tap(world.change(1, 1, 1, session, "stop")).await.result.expect("stops").status_event.expect("an event");
    let give = |seq, n| {
        let deed = Deed::GiveReason { event: event.id, reason: reason(n), note: Some("by hand".to_owned()) };
        world.action(1, seq, 1, session, deed, &format!("reason {n}"))
    };
    let given = world.storage.act(give(2, 1)).await.expect("answers").result.expect("takes the reason");
    assert_eq!(given.status_event.map(|e| (e.reason_id, e.version)), Some((Some(reason(1)), 2)));
    // An action is contact: a session that had gone silent is online again.
    world.pass(Duration::from_secs(40)).await;
    assert_eq!(world.live().await[0].contact, Contact::Stale);
    world.storage.act(give(3, 1)).await.expect("answers").result.expect("takes it again");
    assert_eq!(world.live().await[0].contact, Contact::Online);
    // Reason 2 is another station's.
    assert_eq!(world.storage.act(give(4, 2)).await.expect("answers").result, Err(Refusal::ReasonRequired));
}

pub async fn a_displaced_owner_explains_his_own_stops_only(world: World) {
    let session = world.open(1).await.session.id;
    let event =
        world.tap(world.change(1, 1, 1, session, "stop")).await.result.expect("stops").status_event.expect("an event");
    world.pass(Duration::from_secs(10)).await;
    let give = |seq, event| {
        let deed = Deed::GiveReason { event, reason: reason(1), note: None };
        world.action(1, seq, 1, session, deed, &format!("reason {seq}"))
    };
    let own = give(2, event.id);
    world.pass(Duration::from_secs(10)).await;
    let here = world.at(2, 1).await;
    let request = TakeoverRequest { session_id: session, instance_id: instance(2), then: None, ended_at: None };
    world.storage.take_over(here, request).await.expect("takes over");
    let running = world.change(2, 1, 2, session, "setup");
    let running = world.tap(running).await.result.expect("sets up").status_event.expect("an event");
    let live = world.live().await;
    let mut foreign = give(3, running.id);
    foreign.stamp.occurred_at = own.stamp.occurred_at;

    let own = world.storage.act(own).await.expect("answers").result.expect("is taken");
    assert_eq!(own.outcome, Outcome::Late, "it was tapped inside its epoch's time");
    assert_eq!(own.status_event.and_then(|event| event.reason_id), Some(reason(1)));
    let foreign = world.storage.act(foreign).await.expect("answers").result.expect("is taken");
    assert_eq!(foreign.outcome, Outcome::Quarantined, "the event is the next epoch's");
    assert_eq!(world.live().await, live, "live rows stay as they were");
}

pub async fn an_end_before_its_last_status_says_where_it_was_put(world: World) {
    let session = world.open(1).await.session.id;
    world.pass(Duration::from_secs(10)).await;
    let began = world.tap(world.change(1, 1, 1, session, "setup")).await.result.expect("sets up");
    let began = began.status_event.expect("an event").started_at;
    world.pass(Duration::from_secs(10)).await;
    let long_ago = Some(Timestamp::from_millis(-62_135_596_800_000));
    let end = world.action(1, 2, 1, session, complete(long_ago), "end");
    let answer = world.storage.act(end).await.expect("answers").result.expect("is taken");
    assert_eq!(answer.session.and_then(|session| session.ended_at), Some(began));
    assert_eq!(answer.shifted_to, Some(began));
}

pub async fn ended_sessions_stay_ended(world: World) {
    let session = world.open(1).await.session.id;
    world
        .storage
        .act(world.action(1, 1, 1, session, complete(None), "end"))
        .await
        .expect("answers")
        .result
        .expect("ends");
    let tapped = world.tap(world.change(1, 2, 1, session, "other")).await.result.expect("is taken");
    assert_eq!(tapped.outcome, Outcome::Quarantined);
    let ended = world.storage.act(world.action(1, 3, 1, session, complete(None), "end again")).await.expect("answers");
    assert_eq!(ended.result.expect("is taken").outcome, Outcome::Quarantined);
    assert_eq!(world.live().await.len(), 0);
    assert_eq!(world.count("status_events WHERE ended_at IS NULL").await, 0);
    assert!(world.storage.open(caller(2), super::world::opening(2, 1)).await.is_ok(), "the station is free again");
    millrace_tests::ledger::agrees(&world.folder.path().join("floor.db")).await;
}
