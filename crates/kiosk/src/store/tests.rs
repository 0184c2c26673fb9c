//! The kiosk's disk: what was saved is there after the file was closed and opened again.

use super::*;
use millrace_protocol::session::{Contact, Session, SessionStatus, Totals};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, StationId, WorkerId};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn session() -> Session {
    let moment = Timestamp::from_millis(1_700_000_000_000);
    Session {
        id: SessionId(id(1)),
        worker_id: WorkerId(id(2)),
        worker_code: "W1".into(),
        worker_name: "Ada".into(),
        station_id: StationId(id(3)),
        station_code: "S1".into(),
        station_name: "Lathe".into(),
        area_name: None,
        job_id: None,
        job_number: None,
        job_item_id: None,
        job_item_name: None,
        step_id: None,
        outside_assignment: false,
        status: SessionStatus::Active,
        close_reason: None,
        provisional: false,
        current_status_id: None,
        current_status: None,
        last_status_change_at: moment,
        started_at: moment,
        ended_at: None,
        contact: Contact::Online,
        last_contact_at: None,
        totals: Totals::default(),
        count_missing: false,
        malfunction_count: 0,
        asked_at: None,
        started_offline: false,
        recovered_at: None,
        untouched_since: None,
        reason_missing_from: None,
        version: 1,
    }
}

fn draft(kind: Kind) -> Draft {
    Draft {
        kind,
        path: "/api/status-events".into(),
        request: "{}".into(),
        session: SessionId(id(1)),
        instance: InstanceId(id(4)),
        epoch: 1,
        wall_at: Timestamp::from_millis(5),
        boot_id: Some("boot".into()),
        boot_ms: Some(7),
        undoes: None,
        running: None,
        opens: None,
        by: None,
    }
}

async fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(&folder.path().join("kiosk.db")).await.expect("opens")
}

#[tokio::test]
async fn what_was_saved_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let claim = Claim { instance: InstanceId(id(4)), epoch: 2, session: session(), status_event: None, ending: false };
    let identity = Identity {
        server_url: "http://floor.example".into(),
        kiosk_id: KioskId(id(9)),
        kiosk_name: "Kiosk 9".into(),
        token: "secret".into(),
        station_id: Some(StationId(id(3))),
    };
    store.enrolled(&identity).await.expect("saves");
    store.claimed(&claim).await.expect("saves");
    let first = store.append(draft(Kind::Status)).await.expect("saves");
    store.freeze(first.id, "the bytes").await.expect("saves");
    let second = store.append(draft(Kind::Complete)).await.expect("saves");
    store.close().await;

    let store = open(&folder).await;
    assert_eq!(store.identity().await.expect("reads"), Some(identity));
    assert_eq!(store.claim().await.expect("reads"), Some(Claim { ending: true, ..claim }));
    let waiting = store.waiting().await.expect("reads");
    assert_eq!(waiting.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(waiting[0].body.as_deref(), Some("the bytes"));
    assert_eq!((waiting[1].id, waiting[1].draft.kind), (second.id, Kind::Complete));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_holds_a_secret_and_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    store.append(draft(Kind::Status)).await.expect("writes");
    for entry in std::fs::read_dir(folder.path()).expect("lists") {
        let entry = entry.expect("lists");
        let mode = entry.metadata().expect("reads").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} is open to others: {mode:o}", entry.file_name());
    }
}

#[tokio::test]
async fn bytes_that_were_frozen_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let entry = store.append(draft(Kind::Status)).await.expect("saves");
    store.freeze(entry.id, "first").await.expect("saves");
    store.freeze(entry.id, "second").await.expect("does nothing");
    assert_eq!(store.waiting().await.expect("reads")[0].body.as_deref(), Some("first"));
}

#[tokio::test]
async fn numbers_taken_elsewhere_are_stepped_over_in_the_order_of_the_taps() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let done = store.append(draft(Kind::Status)).await.expect("saves");
    store.settle(done.id, Settled::Applied, "{}", Timestamp::from_millis(9)).await.expect("settles");
    for _ in 0..3 {
        let entry = store.append(draft(Kind::Status)).await.expect("saves");
        store.freeze(entry.id, "bytes with a number").await.expect("saves");
    }
    let before: Vec<_> = store.waiting().await.expect("reads").iter().map(|entry| entry.id).collect();
    store.renumber(3).await.expect("renumbers");
    let after = store.waiting().await.expect("reads");
    assert_eq!(after.iter().map(|entry| entry.id).collect::<Vec<_>>(), before);
    assert_eq!(after.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [5, 6, 7]);
    assert!(after.iter().all(|entry| entry.body.is_none()), "the number is part of the bytes");
    store.renumber(4).await.expect("has nothing to do");
    assert_eq!(store.waiting().await.expect("reads")[0].seq, 5);
    assert_eq!(store.append(draft(Kind::Status)).await.expect("saves").seq, 8);
}

#[tokio::test]
async fn numbers_go_on_above_what_the_server_has_seen_and_never_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    store.seen(41).await.expect("saves");
    store.seen(7).await.expect("does nothing");
    let entry = store.append(draft(Kind::Status)).await.expect("saves");
    assert_eq!(entry.seq, 42);
    store.settle(entry.id, Settled::Refused, "{}", Timestamp::from_millis(9)).await.expect("settles");
    assert_eq!(store.prune(Timestamp::from_millis(10)).await.expect("prunes"), 0, "nobody has seen it");
    store.said(&[42]).await.expect("is seen");
    assert_eq!(store.prune(Timestamp::from_millis(10)).await.expect("prunes"), 1);
    assert_eq!(store.append(draft(Kind::Status)).await.expect("saves").seq, 43);
}

#[tokio::test]
async fn what_waits_is_never_pruned() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    store.append(draft(Kind::Status)).await.expect("saves");
    assert_eq!(store.prune(Timestamp::from_millis(i64::MAX)).await.expect("prunes"), 0);
    assert_eq!(store.waiting().await.expect("reads").len(), 1);
}

#[tokio::test]
async fn another_kiosk_on_the_same_disk_inherits_no_claim() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let mut identity = Identity {
        server_url: "http://floor.example".into(),
        kiosk_id: KioskId(id(9)),
        kiosk_name: "Kiosk 9".into(),
        token: "secret".into(),
        station_id: None,
    };
    store.enrolled(&identity).await.expect("saves");
    let claim = Claim { instance: InstanceId(id(4)), epoch: 2, session: session(), status_event: None, ending: false };
    store.claimed(&claim).await.expect("saves");
    identity.server_url = "http://floor.example:81".into();
    store.enrolled(&identity).await.expect("saves");
    assert!(store.claim().await.expect("reads").is_some(), "only the address is new");
    identity.kiosk_id = KioskId(id(10));
    store.enrolled(&identity).await.expect("saves");
    assert!(store.claim().await.expect("reads").is_none());
}

#[tokio::test]
async fn a_claim_that_was_asked_for_is_known_until_it_is_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let opening = Opening {
        instance: InstanceId(id(4)),
        id: Some(SessionId(id(1))),
        purpose: Purpose::Open { station: StationId(id(3)) },
        brings: Brought::default(),
    };
    store.asking(&opening).await.expect("saves");
    assert_eq!(store.opening().await.expect("reads"), Some(opening));
    let claim = Claim { instance: InstanceId(id(4)), epoch: 1, session: session(), status_event: None, ending: false };
    store.claimed(&claim).await.expect("saves");
    assert_eq!(store.opening().await.expect("reads"), None);
}

#[tokio::test]
async fn values_are_remembered_replaced_and_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let now = Timestamp::from_millis(1);
    store.remember("a", &1_u8, now).await.expect("saves");
    store.remember("a", &2_u8, now).await.expect("saves");
    assert_eq!(store.recall::<u8>("a").await.expect("reads"), Some(2));
    store.forget("a").await.expect("forgets");
    assert_eq!(store.recall::<u8>("a").await.expect("reads"), None);
    let learnt = |wall, boot| Learnt { wall, boot };
    store.learnt(Some("boot"), learnt(250, Some(7)), now).await.expect("saves");
    store.learnt(Some("later"), learnt(-40, None), Timestamp::from_millis(2)).await.expect("saves");
    assert_eq!(store.wall_offset().await.expect("reads"), Some(-40));
    assert_eq!(store.boot_offset("boot").await.expect("reads"), Some(7));
    assert_eq!(store.boot_offset("later").await.expect("reads"), None);
}

#[tokio::test]
async fn what_the_server_forgot_is_sent_again_as_the_same_bytes_and_what_it_refused_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    for how in [Settled::Applied, Settled::Applied, Settled::Refused, Settled::Parked] {
        let entry = store.append(draft(Kind::Status)).await.expect("saves");
        store.freeze(entry.id, &format!("bytes {}", entry.seq)).await.expect("saves");
        store.settle(entry.id, how, "{}", Timestamp::from_millis(9)).await.expect("settles");
    }
    assert_eq!(store.taken().await.expect("reads"), 4);
    assert_eq!(store.send_again(1).await.expect("wakes"), 2);
    let again = store.waiting().await.expect("reads");
    let seen: Vec<_> = again.iter().map(|entry| (entry.seq, entry.body.as_deref(), entry.again)).collect();
    assert_eq!(seen, [(2, Some("bytes 2"), true), (4, Some("bytes 4"), true)]);
    assert_eq!(store.taken().await.expect("reads"), 1);
}

#[tokio::test]
async fn what_takes_something_back_names_its_number_whatever_that_becomes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder).await;
    let entry = store.append(draft(Kind::Count)).await.expect("saves");
    let undone = Undone { entry: entry.id, before: Box::new(session()) };
    let undo = store.append(Draft { undoes: Some(undone.clone()), ..draft(Kind::Undo) }).await.expect("saves");
    assert_eq!(undo.undoes_seq, Some(1));
    store.renumber(20).await.expect("renumbers");
    let waiting = store.waiting().await.expect("reads");
    assert_eq!((waiting[0].seq, waiting[1].seq, waiting[1].undoes_seq), (21, 22, Some(21)));
    assert_eq!(waiting[1].draft.undoes, Some(undone));
}
