//! Whatever happens, wherever a reader is cut: it ends with exactly the server's state.

use super::client::{Board, Client};
use super::floor::{Floor, changed, closed, opened, tight, unseen};
use crate::stream::{StreamSettings, TopicKey};
use millrace_domain::change::Row;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Step {
    /// Something happens to these sessions, in one commit.
    Commit(Vec<u8>),
    /// Committed, but the hub is told later.
    Untold(u8),
    /// The reader takes so many chunks.
    Read(usize),
    /// The connection is cut and made anew.
    Cut,
    /// Changes up to so many before the end are forgotten.
    Trim(u64),
    /// Time passes.
    Pass(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(0_u8..6, 1..8).prop_map(Step::Commit),
        1 => (0_u8..6).prop_map(Step::Untold),
        4 => (1_usize..6).prop_map(Step::Read),
        2 => Just(Step::Cut),
        1 => (0_u64..10).prop_map(Step::Trim),
        1 => (1_u8..40).prop_map(Step::Pass),
    ]
}

/// What the floor does next with a session: open it, change it a few times, close it, open it again.
fn next_row(versions: &mut BTreeMap<u8, u32>, n: u8) -> Row {
    if n == 0 {
        return unseen();
    }
    let version = versions.entry(n).and_modify(|version| *version += 1).or_insert(1);
    match *version {
        1 => opened(n),
        4 => {
            versions.remove(&n);
            closed(n, 4)
        }
        version => changed(n, version),
    }
}

async fn connect(floor: &Floor, board: &mut Board) -> Client {
    board.goodbye = None;
    floor.connect(TopicKey::ActiveSessions, board.cursor.as_deref()).await
}

async fn play(settings: StreamSettings, steps: Vec<Step>) {
    let floor = Floor::new(settings).await;
    let (mut board, mut versions) = (Board::default(), BTreeMap::new());
    let mut client = connect(&floor, &mut board).await;
    for step in steps {
        match step {
            Step::Commit(numbers) => {
                let rows = numbers.into_iter().map(|n| next_row(&mut versions, n)).collect();
                floor.commit(rows).await;
            }
            Step::Untold(n) => {
                floor.log.write(vec![next_row(&mut versions, n)]);
            }
            Step::Read(chunks) => board.hear(client.read_some(chunks)),
            Step::Cut => client = connect(&floor, &mut board).await,
            // A floor that may be above what the hub has yet to fetch is a hole of its own, tested elsewhere.
            Step::Trim(kept) => floor.log.trim(floor.hub.head().saturating_sub(kept)),
            Step::Pass(seconds) => floor.pass(Duration::from_secs(seconds.into())).await,
        }
        if client.ended || board.goodbye.is_some() {
            client = connect(&floor, &mut board).await;
        }
    }
    floor.commit(vec![unseen()]).await;
    for _ in 0..5 {
        board.hear(client.read());
        if board.goodbye.is_none() {
            break;
        }
        client = connect(&floor, &mut board).await;
    }
    assert_eq!(board.sessions, floor.log.open_sessions());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_board_that_is_cut_anywhere_ends_with_the_servers_state(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(play(tight(), steps.clone()));
        runtime.block_on(play(StreamSettings::default(), steps));
    }
}

#[tokio::test]
async fn resuming_from_every_position_ends_with_the_servers_state() {
    for settings in [tight(), StreamSettings::default()] {
        let floor = Floor::new(settings).await;
        let mut versions = BTreeMap::new();
        let mut states = vec![BTreeMap::new()];
        for n in [1, 2, 1, 3, 0, 1, 2, 2, 1, 3, 2, 0, 0, 1, 3] {
            floor.commit(vec![next_row(&mut versions, n)]).await;
            states.push(floor.log.open_sessions());
        }
        for (offset, state) in states.iter().enumerate() {
            let mut board = Board::default();
            board.sessions.clone_from(state);
            board.hear(floor.connect(TopicKey::ActiveSessions, Some(&format!("e1.{offset}"))).await.read());
            assert_eq!(board.sessions, floor.log.open_sessions(), "from {offset}");
        }
    }
}
