//! What comes back: sessions that were closed for want of contact, deeds that are taken back, sessions that began without
//! the server, and what a supervisor decides about the rest.

mod offline;
mod quarantine;
mod returning;
mod undo;

use super::{Stand, text};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// The time on the server's clock.
async fn now(kiosk: &Caller) -> String {
    text(&kiosk.get("/api/kiosks/me").await.ok()["serverTime"])
}

/// A session with all that happened in it.
async fn record(admin: &Caller, session: &str) -> Value {
    admin.get(&format!("/api/admin/sessions/{session}")).await.ok()
}

/// Lets the server hear nothing for so long that it closes every session that is not kept, provisionally.
async fn silence(server: &TestServer, admin: &Caller) {
    for _ in 0..17 {
        server.advance(20_000);
        drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
    }
}

/// The ledger, balances and times agree with each other.
async fn agrees(server: &TestServer) {
    millrace_tests::ledger::agrees(&server.data_dir().join("millrace.db")).await;
}

/// What was put right in a session, by kind.
fn amended(record: &Value) -> Vec<String> {
    record["amendments"].as_array().expect("a list").iter().map(|amendment| text(&amendment["kind"])).collect()
}

impl Stand {
    /// An action at this session: the path, and what is said beside session and stamp.
    async fn act(&mut self, path: &str, mut body: Value) -> millrace_tests::call::Answer {
        body["sessionId"] = self.session.clone().into();
        body["action"] = self.stamp();
        self.caller.post(path, body).await
    }
}
