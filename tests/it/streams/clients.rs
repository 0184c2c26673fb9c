//! The desktop app's own client: every topic on one connection, through a killed server and a pulled cable.

use super::{Hand, Seen, job, move_report};
use millrace_domain::{Clock, DrivenClock, SystemChance, SystemClock};
use millrace_kiosk::Desk;
use millrace_kiosk::client::Client;
use millrace_kiosk::stream::{Source, StreamMessage, StreamState, Subscription};
use millrace_tests::cable::Cable;
use millrace_tests::call::Caller;
use millrace_tests::events::Event;
use millrace_tests::server::TestServer;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// What a page would know of a subscription.
#[derive(Debug, Default, Clone)]
struct Page {
    seen: Seen,
    states: Vec<StreamState>,
    revoked: bool,
}

struct Reading {
    page: Arc<Mutex<Page>>,
    task: JoinHandle<()>,
}

impl Reading {
    fn of(mut subscription: Subscription) -> Self {
        let page = Arc::<Mutex<Page>>::default();
        let task = tokio::spawn({
            let page = page.clone();
            async move {
                while let Some(message) = subscription.next().await {
                    let mut page = page.lock().unwrap();
                    match message {
                        StreamMessage::State { state, .. } => {
                            page.states.push(state);
                            // It may have been cut: what had no cursor of its own comes again.
                            page.seen.reconnected();
                        }
                        StreamMessage::Event { name, data, .. } if name == "goodbye" => {
                            page.revoked |= data["reason"] == "revoked";
                            page.seen.reconnected();
                        }
                        StreamMessage::Event { name, id, data, .. } => page.seen.hear(&Event { name, id, data }),
                        StreamMessage::Refused { problem } => panic!("a page hears of no refusal: {problem:?}"),
                    }
                }
            }
        });
        Self { page, task }
    }

    fn now(&self) -> Page {
        self.page.lock().unwrap().clone()
    }

    /// Waits until the page is as wanted; `meanwhile` is done again and again.
    async fn until(&self, what: &str, wanted: impl Fn(&Page) -> bool, meanwhile: impl Fn()) {
        let began = Instant::now();
        while !wanted(&self.now()) {
            assert!(began.elapsed() < Duration::from_secs(45), "{what}: {:?}", self.now());
            meanwhile();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn turns(&self, state: StreamState, meanwhile: impl Fn()) {
        self.until(&format!("{state:?}"), |page| page.states.last() == Some(&state), meanwhile).await;
    }

    /// Waits until the page knows of these topics exactly what the server says.
    async fn agrees(&self, caller: &Caller, topics: &[String]) {
        let query: Vec<_> = topics.iter().map(|topic| ("topic", topic.as_str())).collect();
        let began = Instant::now();
        loop {
            let request = caller.request(reqwest::Method::GET, "/api/stream?snapshot=1").query(&query);
            let truth = Seen::of(&millrace_tests::call::send(request).await.ok());
            let mut known = self.now().seen.rows;
            known.retain(|key, _| topics.iter().any(|topic| key.starts_with(&format!("{topic}|"))));
            if known == truth.rows {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(45), "{known:#?}\nis not\n{:#?}", truth.rows);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn desk(server: &TestServer, url: &str, clock: Arc<dyn Clock>) -> Desk {
    let desk = Desk::new(clock, Arc::new(SystemChance));
    let word = |name: &str| server.ready["admin"][name].as_str().unwrap().to_owned();
    desk.log_in(url, &word("username"), &word("password")).await.unwrap();
    desk
}

/// Everything that a desk reads.
fn topics(session: &str) -> Vec<String> {
    let standing = ["active-sessions", "stations", "job-progress", "notifications", "reports", "reports?type=scrap"];
    let mut topics: Vec<_> = standing.iter().map(|topic| (*topic).to_owned()).collect();
    topics.push(format!("session/{session}"));
    topics
}

#[tokio::test]
async fn the_desk_has_all_its_topics_on_one_connection_and_ends_with_the_truth_after_a_kill() {
    let mut server = TestServer::demo(&[]);
    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    let made = job(&admin, "K-1", &[&hand.station]).await;
    drop(hand.open().await.ok());
    let topics = topics(hand.session());
    let desk = desk(&server, &server.url, Arc::new(SystemClock::new())).await;
    let reading = Reading::of(desk.watch(&topics).unwrap());
    reading.turns(StreamState::Live, || {}).await;
    drop(hand.produce(&made["items"][0]).await.ok());
    drop(hand.count(3, 1).await.ok());
    drop(hand.enter("malfunction", json!({})).await.ok());
    reading.agrees(&admin, &topics).await;
    let page = reading.now();
    assert_eq!(page.states, [StreamState::Connecting, StreamState::Live]);
    assert_eq!(page.seen.initials.len(), topics.len(), "one for each, and none again");

    let folder = server.kill9();
    reading.turns(StreamState::Stale, || {}).await;
    server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
    // Before anybody has read it again, more has happened.
    let report = admin.get("/api/admin/reports?open=true&type=malfunction").await.ok()["items"][0]["id"].clone();
    drop(move_report(&admin, report.as_str().unwrap(), "known").await.ok());
    drop(hand.end().await.ok());
    reading.turns(StreamState::Live, || {}).await;
    reading.agrees(&admin, &topics).await;
    let page = reading.now();
    assert!(!page.seen.rows.keys().any(|key| key.starts_with("active-sessions|")), "its session has ended");
    assert!(page.seen.rows.keys().any(|key| key.starts_with("session/")), "and is still known by itself");
    drop(server);
}

#[tokio::test]
async fn a_pulled_cable_is_noticed_and_nothing_is_missed() {
    let server = TestServer::demo(&[]);
    let cable = Cable::to(&server);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let (topics, clock) = (topics(hand.session()), Arc::new(DrivenClock::new()));
    let desk = desk(&server, &cable.url, clock.clone()).await;
    let reading = Reading::of(desk.watch(&topics).unwrap());
    reading.turns(StreamState::Live, || {}).await;
    reading.agrees(&admin, &topics).await;

    cable.pull();
    drop(hand.enter("setup", json!({})).await.ok());
    clock.advance(Duration::from_secs(30));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(reading.now().states.last(), Some(&StreamState::Live), "not before its time");
    clock.advance(Duration::from_secs(16));
    reading.turns(StreamState::Stale, || {}).await;
    let known = reading.now().seen.rows;
    // Others that lead nowhere are given up as well.
    for _ in 0..60 {
        clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(reading.now().states.last(), Some(&StreamState::Stale));
    assert_eq!(reading.now().seen.rows, known);

    cable.plug_in();
    let second = || clock.advance(Duration::from_secs(1));
    reading.turns(StreamState::Live, second).await;
    reading.agrees(&admin, &topics).await;
}

#[tokio::test]
async fn a_kiosks_topics_share_a_connection_too_and_who_loses_his_right_is_told() {
    let server = TestServer::demo(&[]);
    let mut hand = Hand::at(&server, 0).await;
    let mut other = Hand::at(&server, 1).await;
    let client = Client::new(&server.url, hand.caller.token()).unwrap();
    let topics = ["kiosk".to_owned(), format!("pipeline?workerId={}", hand.worker)];
    let path = client.topics(&topics).into();
    let (clock, chance) = (Arc::new(SystemClock::new()), Arc::new(SystemChance));
    let reading = Reading::of(Subscription::start(Source { client, path, clock, chance }));
    reading.turns(StreamState::Live, || {}).await;
    drop(other.open().await.ok());
    drop(hand.open().await.ok());
    reading.agrees(&hand.caller, &topics[1..]).await;
    assert_eq!(reading.now().seen.initials.len(), topics.len());

    let desk = desk(&server, &server.url, Arc::new(SystemClock::new())).await;
    let board = Reading::of(desk.watch(&["active-sessions", "stations"]).unwrap());
    board.turns(StreamState::Live, || {}).await;
    desk.log_out().await;
    board.until("the page is told to ask who is there", |page| page.revoked, || {}).await;
    desk.watch(&["stations"]).unwrap_err();
}
