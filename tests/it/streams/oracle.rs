//! The oracle: whatever workers and supervisors do, however the server is stopped, each client ends with exactly what
//! the database has, and on the way was told nothing twice and nothing out of order.
//!
//! Two fixed seeds and a new one each time. Many by hand: `scripts/oracle 50 500`.

#![expect(clippy::print_stderr, reason = "a failure is repeated from its seed, and understood by what differs")]

mod truth;

use super::{Hand, Seen, change, job, move_report};
use millrace_domain::{Chance, SystemChance};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use truth::Shows;

/// Hands whose pipelines are read; each stands at a kiosk of its own.
const HANDS: usize = 5;
/// The kiosk at which the last hand takes his session over, and back.
const ELSEWHERE: usize = 6;
/// The kiosk at which two workers relieve each other.
const RELIEF: usize = 7;

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
    path: String,
    /// What it shows, by topic: one with no name, or several.
    shows: Vec<(&'static str, Shows)>,
    seen: Arc<Mutex<Seen>>,
    reading: JoinHandle<()>,
}

impl Client {
    fn of(caller: &Caller, path: &str, shows: Vec<(&'static str, Shows)>) -> Self {
        let (seen, address) = (Arc::<Mutex<Seen>>::default(), path.to_owned());
        let reading = tokio::spawn({
            let (caller, seen) = (caller.clone(), seen.clone());
            async move {
                loop {
                    let cursor = {
                        let mut seen = seen.lock().unwrap();
                        seen.reconnected();
                        seen.cursor.clone()
                    };
                    if let Some(mut events) = Events::resume(&caller, &address, cursor.as_deref()).await {
                        while let Some(event) = events.next().await {
                            seen.lock().unwrap().hear(&event);
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
            }
        });
        Self { path: path.to_owned(), shows, seen, reading }
    }

    /// What it has and should not, and what it lacks.
    async fn wrong(&self, database: &Path) -> Vec<(BTreeSet<String>, BTreeSet<String>)> {
        let mut wrong = Vec::new();
        for (topic, shows) in &self.shows {
            let truth = shows.truth(database).await;
            let known = shows.known(&self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner), topic);
            // A kiosk is not told what it opened itself.
            let own = |row: &&String| !(matches!(shows, Shows::Kiosk(_)) && row.starts_with("session|"));
            let lacks: BTreeSet<_> = truth.difference(&known).filter(own).cloned().collect();
            let has: BTreeSet<_> = known.difference(&truth).cloned().collect();
            if !has.is_empty() || !lacks.is_empty() {
                wrong.push((has, lacks));
            }
        }
        wrong
    }

    /// Waits until it knows what the database has.
    async fn agrees(&self, database: &Path, seed: u64) {
        let began = Instant::now();
        loop {
            assert!(!self.reading.is_finished(), "seed {seed}: {} was told something it should not be", self.path);
            let wrong = self.wrong(database).await;
            if wrong.is_empty() {
                return;
            }
            if began.elapsed() > Duration::from_secs(20) {
                let seen = self.seen.lock().unwrap();
                for (has, lacks) in wrong {
                    eprintln!("has   {has:#?}\nlacks {lacks:#?}");
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

/// Everybody and everything that a run acts with.
struct Floor {
    admin: Caller,
    hands: Vec<Hand>,
    /// The last hand at his other kiosk.
    other: (Caller, u64),
    /// Two workers who relieve each other at one kiosk.
    relief: Hand,
    /// Which workers of the demo they are, and which of them is there.
    pair: [usize; 2],
    stations: Vec<String>,
    workers: Vec<String>,
    areas: Vec<String>,
    kiosks: Vec<String>,
    jobs: Vec<Value>,
    made: u64,
}

fn ids(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect()
}

impl Floor {
    async fn of(server: &TestServer) -> Self {
        let admin = Caller::admin(server).await.keeping_none();
        let mut hands = Vec::new();
        for number in 0..HANDS {
            let hand = Hand::at(server, number).await;
            hands.push(Hand { caller: hand.caller.keeping_none(), ..hand });
        }
        let other = Caller::kiosk(server, ELSEWHERE).keeping_none().signed_in(server, HANDS - 1).await;
        let relief = Hand::at(server, RELIEF).await;
        let relief = Hand { caller: relief.caller.keeping_none(), ..relief };
        let stations: Vec<_> = hands.iter().map(|hand| hand.station.clone()).collect();
        let all: Vec<_> = stations.iter().map(String::as_str).collect();
        let jobs = vec![job(&admin, "O-all", &all).await];
        Self {
            workers: hands.iter().map(|hand| hand.worker.clone()).collect(),
            areas: ids(&admin.get("/api/admin/areas").await.ok()["items"]),
            kiosks: ids(&server.ready["kiosks"]).into_iter().take(HANDS + 3).collect(),
            pair: [RELIEF, RELIEF + 1],
            other: (other, 0),
            admin,
            hands,
            relief,
            stations,
            jobs,
            made: 0,
        }
    }

    async fn act(&mut self, dice: &mut Dice, server: &TestServer) {
        self.made += 1;
        match dice.roll(16) {
            0 | 1 => self.supervise(dice).await,
            2 => self.manage(dice).await,
            3 => self.relieve(dice, server).await,
            4 => self.take_over().await,
            _ => {
                let items = self.jobs[0].clone();
                let hand = &mut self.hands[usize::try_from(dice.roll(HANDS as u64)).unwrap()];
                work(hand, dice, &items).await;
            }
        }
    }

    /// What a supervisor does about what he sees.
    async fn supervise(&mut self, dice: &mut Dice) {
        let admin = self.admin.clone();
        match dice.roll(6) {
            // What he has yet to acknowledge.
            0 | 1 => {
                let bell = admin.get("/api/admin/notifications/stream?snapshot=1").await.ok();
                let all = bell["notifications"].as_array().expect("notifications").clone();
                let Some(one) = all.get(usize::try_from(dice.roll(all.len().max(1) as u64)).unwrap()) else { return };
                let id = one["id"].as_str().unwrap();
                drop(match one["kind"].as_str().unwrap() {
                    "malfunction" => {
                        let state = ["known", "solved"][usize::try_from(dice.roll(2)).unwrap()];
                        move_report(&admin, id, state).await
                    }
                    "call" => admin.post(&format!("/api/admin/calls/{id}/seen"), json!({})).await,
                    "quarantine" => {
                        let verb = ["accept", "reject"][usize::try_from(dice.roll(2)).unwrap()];
                        admin.post(&format!("/api/admin/quarantine/{id}/{verb}"), json!({"reason": "says he"})).await
                    }
                    _ => admin.post(&format!("/api/admin/approvals/{id}/approve"), json!({})).await,
                });
            }
            // A count put right.
            2 | 3 => {
                let listed = admin.get("/api/admin/sessions?limit=20").await.ok();
                let all = ids(&listed["items"]);
                let Some(id) = all.get(usize::try_from(dice.roll(all.len().max(1) as u64)).unwrap()) else { return };
                let record = admin.get(&format!("/api/admin/sessions/{id}")).await.ok();
                let entry = record["quantities"][0]["id"].clone();
                let right = json!({"kind": "count", "entryId": entry, "good": dice.roll(5), "scrap": 0, "reason": "x"});
                drop(admin.post("/api/admin/amendments", right).await);
            }
            4 => {
                let hand = &mut self.hands[usize::try_from(dice.roll(HANDS as u64)).unwrap()];
                if let Some(claim) = &hand.claim {
                    let path = format!("/api/admin/sessions/{}/close", claim.session);
                    drop(admin.post(&path, json!({"reason": "went home"})).await);
                    hand.claim = None;
                }
            }
            _ => {
                let kiosk = &self.kiosks[usize::try_from(dice.roll(self.kiosks.len() as u64)).unwrap()];
                drop(admin.post(&format!("/api/admin/kiosks/{kiosk}/messages"), json!({"text": "lunch"})).await);
            }
        }
    }

    /// What is managed besides.
    async fn manage(&mut self, dice: &mut Dice) {
        let (admin, made) = (self.admin.clone(), self.made);
        let mut one = |of: &[String]| of[usize::try_from(dice.roll(of.len() as u64)).unwrap()].clone();
        let (station, worker) = (one(&self.stations), one(&self.workers));
        let (area, kiosk) = (one(&self.areas), one(&self.kiosks));
        let index = usize::try_from(dice.roll(self.jobs.len() as u64)).unwrap();
        let picked = self.jobs[index].clone();
        drop(match dice.roll(10) {
            9 => change(&admin, "workers", &worker, json!({"name": format!("Worker {made}")})).await,
            0 => change(&admin, "stations", &station, json!({"code": format!("C{made}"), "name": "Renamed"})).await,
            1 => change(&admin, "stations", &station, json!({"areaId": area})).await,
            2 => change(&admin, "areas", &area, json!({"name": format!("Area {made}")})).await,
            3 => change(&admin, "kiosks", &kiosk, json!({"name": format!("Kiosk {made}")})).await,
            4 => {
                let some: Vec<_> = self.stations.iter().filter(|_| dice.roll(2) == 0).collect();
                change(&admin, "workers", &worker, json!({"stationIds": some, "strictStations": dice.roll(3) == 0}))
                    .await
            }
            5 => {
                let some: Vec<_> = self.stations.iter().filter(|_| dice.roll(2) == 0).map(String::as_str).collect();
                self.jobs.push(job(&admin, &format!("O-{made}"), &some).await);
                return;
            }
            6 => {
                let verb = ["archive", "unarchive"][usize::try_from(dice.roll(2)).unwrap()];
                admin.post(&format!("/api/admin/jobs/{}/{verb}", picked["id"].as_str().unwrap()), json!({})).await
            }
            _ => {
                let Some(item) = picked["items"][0]["id"].as_str() else { return };
                let path = format!("/api/admin/job-items/{item}/close-short");
                admin.post(&path, json!({"reason": "enough"})).await
            }
        });
    }

    /// The next worker takes the machine over.
    async fn relieve(&mut self, dice: &mut Dice, server: &TestServer) {
        let Some(claim) = &self.relief.claim else {
            drop(self.relief.open().await);
            return;
        };
        if dice.roll(2) == 0 {
            drop(self.relief.enter("setup", json!({})).await);
            return;
        }
        let (session, instance) = (claim.session.clone(), SystemChance.uuid(server_time(&claim.now)).to_string());
        self.pair.reverse();
        self.relief.caller = self.relief.caller.signed_in(server, self.pair[0]).await;
        let body = json!({"sessionId": session, "stationId": self.relief.station, "instanceId": instance,
            "quantitiesUnknown": true});
        let answer = self.relief.caller.post("/api/sessions/handover", body).await;
        if !self.relief.claimed(&answer, instance) {
            self.pair.reverse();
            self.relief.caller = self.relief.caller.signed_in(server, self.pair[0]).await;
        }
    }

    /// The last hand goes on at his other kiosk. The one he left counts on, which lies in quarantine.
    async fn take_over(&mut self) {
        let hand = self.hands.last_mut().expect("hands");
        let Some(claim) = hand.claim.take() else { return };
        let (session, instance) = (claim.session.clone(), SystemChance.uuid(server_time(&claim.now)).to_string());
        let body = json!({"sessionId": session, "instanceId": instance});
        let answer = self.other.0.post("/api/sessions/takeover", body).await;
        std::mem::swap(&mut hand.caller, &mut self.other.0);
        std::mem::swap(&mut hand.seq, &mut self.other.1);
        if !hand.claimed(&answer, instance) {
            std::mem::swap(&mut hand.caller, &mut self.other.0);
            std::mem::swap(&mut hand.seq, &mut self.other.1);
            hand.claim = Some(claim);
            return;
        }
        self.other.1 += 1;
        let stamp = json!({"seq": self.other.1, "instanceId": claim.instance, "epoch": claim.epoch,
            "occurredAt": hand.claim.as_ref().expect("his claim").now});
        let body = json!({"sessionId": claim.session, "quantities": {"good": 1}, "action": stamp});
        let left = self.other.0.post("/api/sessions/quantities", body).await.ok();
        assert_eq!(left["outcome"], "quarantined");
    }
}

fn server_time(text: &str) -> millrace_protocol::time::Timestamp {
    serde_json::from_value(text.into()).expect("a time")
}

async fn work(hand: &mut Hand, dice: &mut Dice, items: &Value) {
    if hand.claim.is_none() {
        drop(hand.open().await);
        return;
    }
    let mine = items["items"].as_array().into_iter().flatten();
    let mine = mine.into_iter().find(|item| item["steps"][0]["stationId"] == hand.station.as_str()).cloned();
    // What the rules refuse is refused: that is a part of it.
    drop(match dice.roll(12) {
        0 | 1 => hand.enter("setup", json!({"quantities": {"good": 1}})).await,
        2 => hand.enter("stop", json!({})).await,
        3 | 4 => match mine {
            Some(item) => hand.produce(&item).await,
            None => hand.enter("setup", json!({})).await,
        },
        5 | 6 => hand.count(dice.roll(4), dice.roll(2)).await,
        7 => hand.enter("malfunction", json!({})).await,
        8 => hand.act("/api/calls", json!({"note": "come"})).await,
        // The window is closed: contact is lost at once, until it acts again.
        9 => {
            let claim = hand.claim.as_ref().expect("a session");
            let body = json!({"sessionId": claim.session, "instanceId": claim.instance, "epoch": claim.epoch,
                "closing": true});
            hand.caller.post("/api/sessions/heartbeat", body).await
        }
        10 => hand.undo().await,
        _ => hand.end().await,
    });
}

/// Clients of every stream.
fn clients(floor: &Floor, server: &TestServer) -> Vec<Client> {
    let board = |name: &str| format!("/api/admin/dashboard/{name}/stream");
    let (malfunctions, scrap) = (Shows::Reports(Some("malfunction")), Shows::Reports(Some("scrap")));
    let standing = [
        (board("active-sessions"), vec![("", Shows::Sessions)]),
        (board("stations"), vec![("", Shows::Stations)]),
        (board("job-progress"), vec![("", Shows::Jobs)]),
        ("/api/admin/notifications/stream".to_owned(), vec![("", Shows::Notifications)]),
        ("/api/admin/reports/stream".to_owned(), vec![("", Shows::Reports(None))]),
        ("/api/admin/reports/stream?type=malfunction".to_owned(), vec![("", malfunctions)]),
        ("/api/admin/reports/stream?type=scrap".to_owned(), vec![("", scrap)]),
        (
            "/api/stream?topic=active-sessions&topic=stations&topic=notifications".to_owned(),
            vec![
                ("active-sessions", Shows::Sessions),
                ("stations", Shows::Stations),
                ("notifications", Shows::Notifications),
            ],
        ),
        (
            "/api/stream?topic=active-sessions&topic=reports&topic=job-progress".to_owned(),
            vec![
                ("active-sessions", Shows::Sessions),
                ("reports", Shows::Reports(None)),
                ("job-progress", Shows::Jobs),
            ],
        ),
        (
            "/api/realtime/stream?subscribe=sessions:*&subscribe=status_events:*&subscribe=reports:*".to_owned(),
            vec![("", Shows::Rows)],
        ),
    ];
    let mut clients: Vec<_> =
        standing.into_iter().map(|(path, shows)| Client::of(&floor.admin, &path, shows)).collect();
    for hand in &floor.hands {
        let all = floor.jobs[0]["id"].as_str().unwrap();
        for job in [None, Some(all.to_owned())] {
            let query = job.as_ref().map_or(String::new(), |job| format!("&jobId={job}"));
            let path = format!("/api/sessions/pipeline/stream?workerId={}{query}", hand.worker);
            clients.push(Client::of(&hand.caller, &path, vec![("", Shows::Pipeline(hand.worker.clone(), job))]));
        }
    }
    for (number, kiosk) in floor.kiosks.iter().enumerate() {
        let caller = Caller::kiosk(server, number).keeping_none();
        clients.push(Client::of(&caller, "/api/kiosk/stream", vec![("", Shows::Kiosk(kiosk.clone()))]));
    }
    clients
}

async fn run(seed: u64, actions: u64) {
    eprintln!("oracle: seed {seed}, {actions} actions");
    let mut dice = Dice(seed);
    let mut server = TestServer::demo(&[]);
    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut floor = Floor::of(&server).await;
    let mut clients = clients(&floor, &server);
    // A subscription tells what happens from its beginning on.
    while clients[9].seen.lock().unwrap().initials.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let standing = clients.len();
    for _ in 0..actions {
        floor.act(&mut dice, &server).await;
        for hand in &floor.hands {
            let Some(claim) = hand.claim.as_ref().filter(|_| clients.len() < standing + 10) else { continue };
            let path = format!("/api/admin/dashboard/session/{}/stream", claim.session);
            if clients.iter().all(|known| known.path != path) {
                let shows = vec![("", Shows::Detail(claim.session.clone()))];
                clients.push(Client::of(&floor.admin, &path, shows));
            }
        }
        match dice.roll(50) {
            0 | 1 => {
                let folder = if dice.roll(2) == 0 {
                    server.kill9()
                } else {
                    tokio::task::spawn_blocking(move || server.term().2).await.unwrap()
                };
                let listen = listen.clone();
                server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
            }
            // Contacts fade, kiosks are heard; never so long that a session is closed for it.
            2 | 3 => server.advance(6_000),
            _ => {}
        }
    }
    let database = server.data_dir().join("millrace.db");
    for client in &clients {
        client.agrees(&database, seed).await;
    }
    // Also after a start that knows nothing but the database.
    let folder = server.kill9();
    server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
    let database = server.data_dir().join("millrace.db");
    for client in &clients {
        client.agrees(&database, seed).await;
    }
    let begun = clients[9].seen.lock().unwrap().initials.clone();
    assert_eq!(begun, [Value::Null], "seed {seed}: a subscription that began anew has lost something");
    drop(server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_client_ends_with_what_the_database_has() {
    let actions = number("MILLRACE_TEST_ACTIONS", 60);
    let seeds: Vec<_> = match number("MILLRACE_TEST_SEEDS", 0) {
        0 => {
            let mut new = [0; 4];
            SystemChance.fill(&mut new);
            vec![1, 2, number("MILLRACE_TEST_SEED", u32::from_le_bytes(new).into())]
        }
        many => (number("MILLRACE_TEST_SEED", 1)..).take(usize::try_from(many).unwrap()).collect(),
    };
    for seed in seeds {
        run(seed, actions).await;
    }
}
