//! Tokens, codes, logins and sign-ins.

use super::world::{World, caller, kiosk, station, worker};
use millrace_domain::change::{Holder, Row};
use millrace_domain::storage::{Enrolment, Floorplan, PlannedUser};
use millrace_protocol::UserId;
use millrace_protocol::access::{EnrolmentCodeRequest, Role, User};
use std::time::Duration;

pub async fn a_revoked_kiosk_and_a_logged_out_user_are_nobody(world: World) {
    let token = [1; 32];
    assert_eq!(world.storage.kiosk(token).await.expect("looks").map(|k| k.id), Some(kiosk(1)));
    assert!(world.storage.revoke_kiosk(kiosk(1), "ann").await.expect("revokes"));
    assert!(!world.storage.revoke_kiosk(kiosk(1), "ann").await.expect("again"), "once");
    assert_eq!(world.storage.kiosk(token).await.expect("looks"), None);

    let user = User {
        id: UserId(super::world::uuid(7, 1)),
        username: "ann".into(),
        name: "Ann".into(),
        role: Role::Supervisor,
    };
    let users = vec![PlannedUser { user: user.clone(), password_hash: "hash".into() }];
    world.storage.furnish(Floorplan { users, ..Floorplan::default() }).await.expect("adds a user");
    let login = world.storage.log_in(user, [9; 32]).await.expect("logs in");
    assert_eq!(world.storage.login([9; 32]).await.expect("looks"), Some(login.clone()));
    world.storage.log_out(login.number).await.expect("logs out");
    assert_eq!(world.storage.login([9; 32]).await.expect("looks"), None);

    let ended: Vec<_> = world
        .log()
        .await
        .into_iter()
        .filter_map(|change| match change.row {
            Row::Rights { holder } => Some(holder),
            _ => None,
        })
        .collect();
    assert_eq!(ended, [Holder::Kiosk(kiosk(1)), Holder::Login(login.number)], "streams learn of it from the log");
}

pub async fn an_enrolment_code_works_once(world: World) {
    let request = EnrolmentCodeRequest { kiosk_name: "Gate".into(), station_id: Some(station(3)) };
    let enrolment = Enrolment { code: [5; 32], request, by: "ann".into() };
    world.storage.create_enrolment(enrolment.clone()).await.expect("stores");
    let (a, b) = tokio::join!(world.storage.enrol([5; 32], [106; 32]), world.storage.enrol([5; 32], [107; 32]));
    let (a, b) = (a.expect("answers"), b.expect("answers"));
    assert_eq!(usize::from(a.is_some()) + usize::from(b.is_some()), 1, "one of two");
    let kiosk = a.or(b).expect("one of two");
    assert_eq!((kiosk.kiosk_name.as_str(), kiosk.station_id), ("Gate", Some(station(3))));

    world.storage.create_enrolment(Enrolment { code: [8; 32], ..enrolment }).await.expect("stores");
    world.clock.advance(Duration::from_secs(25 * 3600));
    assert!(world.storage.enrol([8; 32], [108; 32]).await.expect("answers").is_none(), "expired after a day");
}

pub async fn a_sign_in_lasts_ten_minutes_without_a_session(world: World) {
    let minutes = |n: u64| Duration::from_secs(60 * n);
    world.storage.sign_in(kiosk(1), worker(1)).await.expect("signs in");
    let who = async || world.storage.signed_in(kiosk(1)).await.expect("looks").map(|w| w.id);
    world.clock.advance(minutes(9));
    assert_eq!(who().await, Some(worker(1)), "asking touches it");
    world.clock.advance(minutes(9));
    assert_eq!(who().await, Some(worker(1)));
    world.clock.advance(minutes(11));
    assert_eq!(who().await, None);

    world.storage.sign_in(kiosk(1), worker(1)).await.expect("signs in");
    world.storage.open(caller(1), super::world::opening(1, 1)).await.expect("opens");
    world.clock.advance(minutes(11));
    assert_eq!(who().await, Some(worker(1)), "an open session keeps it");
    world.storage.sign_in(kiosk(1), worker(2)).await.expect("signs in");
    assert_eq!(who().await, Some(worker(2)), "the next worker takes his place");
    world.storage.sign_out(kiosk(1)).await.expect("signs out");
    assert_eq!(who().await, None);
}
