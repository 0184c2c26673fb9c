//! The supervisor's side: reports and their pictures, approvals, calls, messages, quarantine.

mod approvals;
mod calls;
mod messages;
mod pictures;
mod reports;

use super::{Stand, station, text, uuid, worker};
use millrace_tests::call::{Answer, Caller, send};
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn database(server: &TestServer) -> PathBuf {
    server.data_dir().join("millrace.db")
}

async fn count(server: &TestServer, from: &str) -> i64 {
    sql::count(&database(server), &format!("SELECT count(*) FROM {from}")).await
}

/// A reason of the whole plant for this type.
async fn reason(server: &TestServer, kind: &str) -> String {
    let id = uuid();
    let hex = id.replace('-', "");
    let labels = r#"{"en":"for a test"}"#;
    let statement =
        format!("INSERT INTO reasons (id, kind, labels, position) VALUES (x'{hex}', '{kind}', '{labels}', 99)");
    sql::run(&database(server), &statement).await;
    id
}

/// A report from a stand, as it was made.
async fn report(server: &TestServer, stand: &mut Stand, kind: &str, images: &[String]) -> Value {
    let reason = reason(server, kind).await;
    let body = json!({
        "sessionId": stand.session,
        "report": {"type": kind, "reasonId": reason, "description": "=it hums", "imageIds": images},
        "action": stand.stamp(),
    });
    stand.caller.post("/api/reports", body).await.ok()["reports"][0].clone()
}

async fn move_to(admin: &Caller, report: &Value, version: u32, body: Value) -> Answer {
    let path = format!("/api/admin/reports/{}/state", text(&report["id"]));
    send(admin.request(Method::POST, &path).header(IF_MATCH, format!("\"{version}\"")).json(&body)).await
}

/// What a list has, by id.
async fn ids(admin: &Caller, path: &str) -> Vec<Value> {
    let page = admin.get(path).await.ok();
    page["items"].as_array().expect("a page").iter().map(|item| item["id"].clone()).collect()
}

/// Lets time pass while the kiosk is heard, in minutes.
async fn wait(server: &TestServer, stand: &mut Stand, minutes: u64) {
    for _ in 0..minutes {
        server.advance(60_000);
        drop(stand.beat().await.ok());
    }
}

/// Reads until it is so, while the server's watch gets time to look.
async fn until<F: Future<Output = Value>>(
    server: &TestServer,
    read: impl Fn() -> F,
    so: impl Fn(&Value) -> bool,
) -> Value {
    let began = Instant::now();
    let mut minute = 0..60;
    while began.elapsed() < Duration::from_secs(20) {
        let value = read().await;
        if so(&value) {
            return value;
        }
        if minute.next().is_some() {
            server.advance(1_000);
        }
    }
    panic!("it did not come to be: {}", read().await)
}
