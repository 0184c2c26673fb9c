//! nginx in between, as Debian ships it and with its defaults: events pass at once, silence survives, a restart of the
//! proxy loses nothing.

use super::Hand;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::process::{Running, ports};
use millrace_tests::server::TestServer;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";

/// Starts nginx on this port, in front of this server. Nothing is set but what it needs to run as anybody.
fn nginx(folder: &Path, port: u16, server: &TestServer) -> Running {
    assert!(Path::new("/usr/sbin/nginx").is_file(), "nginx is missing: scripts/install test");
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("{kind}_temp_path {}/{kind}; ", folder.display()))
        .collect();
    let text = format!(
        "daemon off; master_process off; pid {0}/pid; error_log {0}/error.log; events {{}}\n\
         http {{ access_log off; {temporary}\n\
         server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {1}; }} }} }}\n",
        folder.display(),
        server.url
    );
    let path = folder.join("nginx.conf");
    std::fs::write(&path, text).expect("a configuration");
    let mut command = Command::new("/usr/sbin/nginx");
    command.arg("-p").arg(folder).arg("-c").arg(path).stdin(Stdio::null()).stderr(Stdio::null());
    let running = Running::of(command.spawn().expect("nginx starts"));
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "nginx does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    running
}

#[tokio::test]
async fn events_pass_at_once_and_a_restart_of_the_proxy_loses_nothing() {
    let server = TestServer::demo(&[]);
    let (folder, port) = (tempfile::tempdir().expect("a folder"), ports().0);
    let proxy = nginx(folder.path(), port, &server);
    let through = Caller::admin(&server).await.by_way_of(&format!("http://127.0.0.1:{port}"));
    let mut hand = Hand::at(&server, 1).await;
    let mut events = Events::open(&through, BOARD).await;
    drop(events.wait_for("initial").await);
    drop(hand.open().await.ok());
    let began = Instant::now();
    let mut cursor = events.wait_for("insert").await.id;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?} through the proxy", began.elapsed());

    drop(proxy);
    drop(hand.enter("setup", json!({})).await.ok());
    while let Some(event) = events.next().await {
        cursor = event.id.or(cursor);
    }
    drop(hand.enter("stop", json!({})).await.ok());
    let _proxy = nginx(folder.path(), port, &server);
    let mut again = Events::resume(&through, BOARD, cursor.as_deref()).await.expect("answers");
    let first = again.next().await.expect("goes on");
    assert_eq!(first.name, "update", "no fresh start");
    let status = |event: &millrace_tests::events::Event| event.data["session"]["currentStatus"]["key"].clone();
    let mut last = first;
    while status(&last) != "stop" {
        last = again.next().await.expect("goes on");
    }
}

#[tokio::test]
async fn a_quiet_stream_outlives_the_patience_of_the_proxy() {
    let server = TestServer::demo(&[]);
    let (folder, port) = (tempfile::tempdir().expect("a folder"), ports().0);
    let _proxy = nginx(folder.path(), port, &server);
    let through = Caller::admin(&server).await.by_way_of(&format!("http://127.0.0.1:{port}"));
    let mut events = Events::open(&through, BOARD).await;
    let began = Instant::now();
    drop(events.wait_for("initial").await);
    // nginx gives up after 60 s without a byte. Its clock is the machine's, so this takes real time.
    while began.elapsed() < Duration::from_secs(70) {
        assert_eq!(events.next().await.expect("it lives").name, "heartbeat");
    }
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    drop(events.wait_for("insert").await);
}
