//! Jobs, items, steps and presets, as a supervisor makes them and a kiosk sees them.

mod at_station;
mod items;
mod plan;

use super::{Stand, station, text};
use millrace_tests::call::{Answer, Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};

async fn with(caller: &Caller, method: Method, path: &str, version: Option<&str>, body: Option<Value>) -> Answer {
    let mut request = caller.request(method, path);
    if let Some(version) = version {
        request = request.header(IF_MATCH, version);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    send(request).await
}

async fn put(caller: &Caller, path: &str, version: &str, body: Value) -> Answer {
    with(caller, Method::PUT, path, Some(version), Some(body)).await
}

async fn delete(caller: &Caller, path: &str, version: &str) -> Answer {
    with(caller, Method::DELETE, path, Some(version), None).await
}

fn etag(answer: &Answer) -> String {
    answer.headers[ETAG].to_str().expect("text").to_owned()
}

/// A job with this number.
async fn job(admin: &Caller, number: &str) -> Value {
    admin.post("/api/admin/jobs", json!({"number": number})).await.ok()
}

/// An item of a job with a step at each of these stations.
async fn item(server: &TestServer, admin: &Caller, job: &Value, name: &str, planned: u64, stations: &[usize]) -> Value {
    let steps: Vec<Value> = stations.iter().map(|number| json!({"stationId": station(server, *number)})).collect();
    let draft = json!({"name": name, "plannedQuantity": planned, "steps": steps});
    admin.post(&format!("/api/admin/jobs/{}/items", text(&job["id"])), draft).await.ok()
}

fn address(item: &Value) -> String {
    format!("/api/admin/job-items/{}", text(&item["id"]))
}

/// Chooses the item's first step.
async fn bind(stand: &mut Stand, item: &Value) {
    let body = json!({
        "sessionId": stand.session,
        "jobItemId": item["id"],
        "stepId": item["steps"][0]["id"],
        "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/sessions/bind-job-item", body).await.ok());
}

/// Chooses the item's first step and begins to produce it.
async fn produce(stand: &mut Stand, item: &Value) {
    bind(stand, item).await;
    let body = stand.change("production");
    drop(stand.caller.post("/api/status-events", body).await.ok());
}
