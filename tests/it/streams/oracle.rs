//! The oracle: whatever workers and supervisors do, however the server is stopped, each client ends with exactly what
//! the database has.
//!
//! A short run each time. Many by hand: `MILLRACE_TEST_SEEDS=50 MILLRACE_TEST_ACTIONS=500 cargo nextest run …`.

#![expect(clippy::print_stderr, reason = "a failure is repeated from its seed, and understood by what differs")]

use super::{Hand, Seen, job, move_report, snapshot_of};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const HANDS: usize = 5;

/// A number from the environment, or what a run in passing takes.
fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Steele, Lea and Flood's SplitMix64: the same run from the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// A client that reads a stream for ever.
struct Client {
    caller: Caller,
    path: String,
    seen: Arc<Mutex<Seen>>,
    reading: JoinHandle<()>,
}

impl Client {
    fn of(caller: &Caller, path: &str) -> Self {
        let (seen, address) = (Arc::<Mutex<Seen>>::default(), path.to_owned());
        let reading = tokio::spawn({
            let (caller, seen) = (caller.clone(), seen.clone());
            async move {
                loop {
                    let cursor = seen.lock().unwrap().cursor.clone();
                    if let Some(mut events) = Events::resume(&caller, &address, cursor.as_deref()).await {
                        while let Some(event) = events.next().await {
                            seen.lock().unwrap().hear(&event);
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
            }
        });
        Self { caller: caller.clone(), path: path.to_owned(), seen, reading }
    }

    /// Waits until it knows what the server says at this moment.
    async fn agrees(&self, seed: u64) {
        let began = Instant::now();
        loop {
            let truth = Seen::of(&self.caller.get(&snapshot_of(&self.path)).await.ok());
            let seen = self.seen.lock().unwrap().clone();
            if seen.rows == truth.rows {
                return;
            }
            if began.elapsed() > Duration::from_secs(20) {
                let all: BTreeMap<_, _> = seen.rows.iter().chain(&truth.rows).collect();
                for key in all.into_keys().filter(|key| seen.rows.get(*key) != truth.rows.get(*key)) {
                    eprintln!("{key}\n  has {:?}\n  not {:?}", seen.rows.get(key), truth.rows.get(key));
                }
                panic!("seed {seed}: {} does not agree; it began anew for {:?}", self.path, seen.initials);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

async fn act(hand: &mut Hand, dice: &mut Dice, items: &serde_json::Value) {
    if hand.claim.is_none() {
        drop(hand.open().await);
        return;
    }
    let mine = items["items"].as_array().into_iter().flatten();
    let mine = mine.into_iter().find(|item| item["steps"][0]["stationId"] == hand.station.as_str()).cloned();
    // What the rules refuse is refused: that is a part of it.
    drop(match dice.roll(10) {
        0 | 1 => hand.enter("setup", json!({"quantities": {"good": 1}})).await,
        2 => hand.enter("stop", json!({})).await,
        3 | 4 => match mine {
            Some(item) => hand.produce(&item).await,
            None => hand.enter("setup", json!({})).await,
        },
        5 | 6 => hand.count(dice.roll(4), dice.roll(2)).await,
        7 => hand.enter("malfunction", json!({})).await,
        8 => hand.act("/api/calls", json!({"note": "come"})).await,
        _ => hand.end().await,
    });
}

async fn supervise(
    admin: &Caller,
    dice: &mut Dice,
    number: u64,
    jobs: &mut Vec<serde_json::Value>,
    stations: &[String],
) {
    match dice.roll(5) {
        // What he has yet to acknowledge, and what he was told of before.
        0 | 1 => {
            let bell = admin.get("/api/admin/notifications/stream?snapshot=1").await.ok();
            let all = bell["notifications"].as_array().expect("notifications").clone();
            let Some(one) = all.get(usize::try_from(dice.roll(all.len().max(1) as u64)).unwrap()) else { return };
            let id = one["id"].as_str().unwrap();
            drop(match one["kind"].as_str().unwrap() {
                "malfunction" => {
                    let state = ["known", "solved"][usize::try_from(dice.roll(2)).unwrap()];
                    move_report(admin, id, state).await
                }
                "call" => admin.post(&format!("/api/admin/calls/{id}/seen"), json!({})).await,
                _ => admin.post(&format!("/api/admin/approvals/{id}/approve"), json!({})).await,
            });
        }
        2 => {
            let some: Vec<_> = stations.iter().filter(|_| dice.roll(2) == 0).map(String::as_str).collect();
            jobs.push(job(admin, &format!("O-{number}"), &some).await);
        }
        3 => {
            let job = &jobs[usize::try_from(dice.roll(jobs.len() as u64)).unwrap()];
            let path = format!("/api/admin/jobs/{}/archive", job["id"].as_str().unwrap());
            drop(admin.post(&path, json!({})).await);
        }
        _ => {
            let job = &jobs[usize::try_from(dice.roll(jobs.len() as u64)).unwrap()];
            if let Some(item) = job["items"][0]["id"].as_str() {
                let path = format!("/api/admin/job-items/{item}/close-short");
                drop(admin.post(&path, json!({"reason": "enough"})).await);
            }
        }
    }
}

async fn run(seed: u64, actions: u64) {
    eprintln!("oracle: seed {seed}, {actions} actions");
    let mut dice = Dice(seed);
    let mut server = TestServer::demo(&[]);
    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let admin = Caller::admin(&server).await.keeping_none();
    let mut hands = Vec::new();
    for number in 0..HANDS {
        let hand = Hand::at(&server, number).await;
        hands.push(Hand { caller: hand.caller.keeping_none(), ..hand });
    }
    let stations: Vec<_> = hands.iter().map(|hand| hand.station.clone()).collect();
    let all: Vec<_> = stations.iter().map(String::as_str).collect();
    let mut jobs = vec![job(&admin, "O-all", &all).await];
    let standing = [
        "/api/admin/dashboard/active-sessions/stream",
        "/api/admin/dashboard/stations/stream",
        "/api/admin/dashboard/job-progress/stream",
        "/api/admin/notifications/stream",
        "/api/admin/reports/stream",
        "/api/admin/reports/stream?type=malfunction",
        "/api/admin/reports/stream?type=scrap",
        "/api/stream?topic=active-sessions&topic=stations&topic=notifications",
        "/api/stream?topic=active-sessions&topic=reports&topic=job-progress",
        "/api/realtime/stream?subscribe=sessions:*&subscribe=status_events:*",
    ];
    let mut clients: Vec<_> = standing.iter().map(|path| Client::of(&admin, path)).collect();
    for hand in &hands {
        let job = jobs[0]["id"].as_str().unwrap();
        for query in [String::new(), format!("&jobId={job}")] {
            let path = format!("/api/sessions/pipeline/stream?workerId={}{query}", hand.worker);
            clients.push(Client::of(&hand.caller, &path));
        }
    }
    for number in 0..actions {
        match dice.roll(12) {
            0 => supervise(&admin, &mut dice, number, &mut jobs, &stations).await,
            _ => {
                let hand = &mut hands[usize::try_from(dice.roll(HANDS as u64)).unwrap()];
                let fresh = hand.claim.is_none();
                act(hand, &mut dice, &jobs[0]).await;
                if fresh && clients.len() < 30 && hand.claim.is_some() {
                    let path = format!("/api/admin/dashboard/session/{}/stream", hand.session());
                    clients.push(Client::of(&admin, &path));
                }
            }
        }
        if dice.roll(25) == 0 {
            let folder = if dice.roll(2) == 0 {
                server.kill9()
            } else {
                tokio::task::spawn_blocking(move || server.term().2).await.unwrap()
            };
            let listen = listen.clone();
            server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
        }
    }
    for client in &clients {
        client.agrees(seed).await;
    }
    // The server's own answers are what plain SQL says, also after a start that knows nothing but the database.
    let folder = server.kill9();
    let database = folder.path().join("data").join("millrace.db");
    let active = sql::count(&database, "SELECT count(*) FROM sessions WHERE status = 'active'").await;
    let open = sql::count(&database, "SELECT count(*) FROM reports WHERE state IN ('open', 'known', 'new')").await;
    let versions = sql::count(&database, "SELECT ifnull(sum(version), 0) FROM sessions WHERE status = 'active'").await;
    server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
    for client in &clients {
        client.agrees(seed).await;
    }
    let rows = |index: usize| clients[index].seen.lock().unwrap().rows.values().cloned().collect::<Vec<_>>();
    assert_eq!(rows(0).len() as i64, active, "seed {seed}: open sessions");
    assert_eq!(rows(0).iter().filter_map(|row| row["version"].as_i64()).sum::<i64>(), versions, "seed {seed}");
    let occupied = rows(1).iter().filter(|row| !row["occupancy"].is_null()).count();
    assert_eq!(occupied as i64, active, "seed {seed}: occupied stations");
    let unclosed =
        rows(4).iter().filter(|row| ["open", "known", "new"].contains(&row["state"].as_str().unwrap())).count();
    assert_eq!(unclosed as i64, open, "seed {seed}: reports that are not closed");
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_ends_with_what_the_database_has() {
    let first = number("MILLRACE_TEST_SEED", 1);
    for seed in first..first + number("MILLRACE_TEST_SEEDS", 1) {
        run(seed, number("MILLRACE_TEST_ACTIONS", 80)).await;
    }
}
