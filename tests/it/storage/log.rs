//! The change log: dense, in commit order, and the truth.

use super::world::{World, caller, complete, instance, opening, refusal};
use futures_util::future::join_all;
use millrace_domain::Clock;
use millrace_domain::Refusal;
use millrace_domain::change::Row;
use millrace_domain::storage::{ChangeLog, Prune};
use millrace_protocol::session::{Session, SessionStatus};
use std::collections::BTreeMap;

async fn busy_floor(world: &World) {
    let floor = (1..=20u8).map(|n| async move {
        let session = world.open(n).await.session.id;
        for (seq, key) in (1..=6).zip(["setup", "other", "stop"].iter().cycle()) {
            world.tap(world.change(n, seq, 1, session, key)).await.result.expect("is taken");
        }
        if n % 3 == 0 {
            let end = world.action(n, 7, 1, session, complete(None), "end");
            world.storage.act(end).await.expect("answers").result.expect("ends");
        }
    });
    join_all(floor).await;
}

pub async fn every_change_is_in_the_log_once_in_order(mut world: World) {
    busy_floor(&world).await;
    let log = world.log().await;
    let offsets: Vec<u64> = log.iter().map(|change| change.offset).collect();
    assert_eq!(offsets, (1..=u64::try_from(log.len()).expect("few")).collect::<Vec<_>>());
    let mut published = Vec::new();
    while let Some(batch) = world.commits.try_take() {
        published.extend(batch);
    }
    assert_eq!(published, log, "what was published is what is stored, in the same order");
    // Per session: an event ends before the next begins, and the session mirrors the last one.
    let mut latest: BTreeMap<_, Session> = BTreeMap::new();
    for change in &log {
        if let Row::Sessions { old, new, .. } = &change.row {
            assert_eq!(old.as_deref(), latest.get(&new.id), "the row before is the row that was");
            latest.insert(new.id, *new.clone());
        }
    }
    let open: Vec<_> = latest.into_values().filter(|s| s.status == SessionStatus::Active).collect();
    let mut live = world.live().await;
    live.sort_by_key(|s| s.id);
    assert_eq!(open, live);
}

pub async fn a_snapshot_and_what_follows_it_are_the_truth(world: World) {
    let taken = async {
        let mut snapshots = Vec::new();
        for _ in 0..10 {
            snapshots.push(world.storage.floor().await.expect("a snapshot"));
            tokio::task::yield_now().await;
        }
        snapshots
    };
    let (snapshots, ()) = tokio::join!(taken, busy_floor(&world));
    let truth: BTreeMap<_, _> = world.live().await.into_iter().map(|s| (s.id, s)).collect();
    for snapshot in snapshots {
        let mut state: BTreeMap<_, _> = snapshot.rows.open.into_iter().map(|s| (s.id, s)).collect();
        for change in world.storage.changes_after(snapshot.offset, 100_000).await.expect("the log") {
            if let Row::Sessions { new, .. } = change.row {
                if new.status == SessionStatus::Active {
                    state.insert(new.id, *new);
                } else {
                    state.remove(&new.id);
                }
            }
        }
        assert_eq!(state, truth, "from offset {}", snapshot.offset);
    }
}

pub async fn one_bad_command_takes_no_other_with_it(world: World) {
    // All at once, so that they share commits: every other one is refused by a rule.
    let tries = (1..=20u8).map(|n| world.storage.open(caller(n), opening(n, n - (n + 1) % 2)));
    let results = join_all(tries).await;
    let opened = results.into_iter().map(refusal).filter(|result| match result {
        Ok(_) => true,
        Err(refused) => {
            assert!(matches!(refused, Refusal::StationOccupied { .. }));
            false
        }
    });
    assert_eq!(opened.count(), 10);
    assert_eq!(world.live().await.len(), 10);
    assert_eq!(world.count("claims").await, 10);
}

pub async fn what_was_answered_survives_the_process(world: World) {
    let session = world.open(1).await.session.id;
    let tap = world.change(1, 1, 1, session, "other");
    let answer = world.tap(tap.clone()).await;
    let (live, position) = (world.live().await, world.storage.position().await.expect("a position"));
    world.sqlite.close().await;
    assert!(world.storage.open(caller(2), opening(2, 2)).await.is_err(), "a closed database takes nothing");

    let (reopened, _commits) = super::world::open(world.folder.path().join("floor.db"), world.clock.clone()).await;
    let again = ChangeLog::position(&reopened).await.expect("a position");
    assert_eq!(again, position, "the same history goes on");
    assert_eq!(reopened.floor().await.expect("a snapshot").rows.open, live);
    let repeated = millrace_domain::storage::Floor::act(&reopened, tap).await.expect("answers");
    assert!(repeated.repeat);
    assert_eq!(repeated.result, answer.result);
    let beat = millrace_protocol::session::HeartbeatRequest {
        session_id: session,
        instance_id: instance(1),
        epoch: Some(1),
        closing: false,
    };
    let heard = millrace_domain::storage::Floor::heartbeat(&reopened, super::world::token(1), None, beat).await;
    assert_eq!(heard.expect("the claim goes on").last_seq, 1);
}

pub async fn the_log_is_pruned_from_its_beginning_and_offsets_go_on(world: World) {
    busy_floor(&world).await;
    let last = world.storage.position().await.expect("a position").offset;
    let long_ago = world.now().plus_millis(-60_000);
    let prune = async |before, keep, upto, most| {
        let pruned = world.storage.prune(Prune { before, keep, upto, most }).await.expect("prunes");
        let left = world.log().await;
        assert_eq!(left.first().map(|change| change.offset), Some(pruned.floor + 1), "no hole and the right floor");
        assert_eq!(left.last().map(|change| change.offset), Some(last), "the newest is always there");
        assert_eq!(world.storage.position().await.expect("a position").floor, pruned.floor);
        (pruned.removed, pruned.floor)
    };
    // By count, a step at a time, and not above what is wanted by others.
    assert_eq!(prune(long_ago, last, last, 10).await, (0, 0), "young enough and few enough");
    assert_eq!(prune(long_ago, last - 25, last, 10).await, (10, 10));
    assert_eq!(prune(long_ago, last - 25, 17, 10).await, (7, 17), "upto");
    assert_eq!(prune(long_ago, last - 25, last, 10).await, (8, 25));
    assert_eq!(prune(long_ago, last - 25, last, 10).await, (0, 25));
    // By age: all of it is old now.
    world.clock.advance(std::time::Duration::from_secs(60));
    let before = world.clock.now();
    assert_eq!(prune(before, last, last, 10).await, (10, 35));
    assert_eq!(prune(before, last, last, 100_000).await, (last - 36, last - 1));
    assert_eq!(prune(before, 0, last, 10).await, (0, last - 1), "the last one holds the place");

    // A database that is opened with next to no log left goes on where it was.
    world.sqlite.close().await;
    let (reopened, _commits) = super::world::open(world.folder.path().join("floor.db"), world.clock.clone()).await;
    let at = ChangeLog::position(&reopened).await.expect("a position");
    assert_eq!((at.offset, at.floor), (last, last - 1));
    drop(millrace_domain::storage::Floor::open(&reopened, caller(24), opening(24, 24)).await.expect("opens"));
    let next = reopened.changes_after(last, 1).await.expect("the log");
    assert_eq!(next.first().map(|change| change.offset), Some(last + 1));
}
