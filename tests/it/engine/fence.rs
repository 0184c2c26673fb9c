//! The owner is stopped in the middle of its work, another takes over, the first goes on: nothing live changes by it.

use super::crash::{all_sent, at_work};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::Switch;
use serde_json::{Value, json};

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream?snapshot=1";

#[tokio::test]
async fn a_kiosk_that_stood_still_while_another_took_over_changes_nothing_live() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let (mut kiosk, statuses) = at_work(&server, &switch).await;
    kiosk.tap(&statuses[0]).await;
    kiosk.shows("sent", all_sent).await;
    let session = kiosk.view["session"]["session"]["id"].clone();

    // One tap is on its disk, and it stands still before it is sent.
    switch.turn_off();
    kiosk.tap(&statuses[1]).await;
    kiosk.stands(true);
    switch.leads_to(&server);
    let there = Caller::kiosk(&server, 1).signed_in(&server, 0).await;
    let instance = "00000000-0000-7000-8000-00000000f00d";
    let taken = there.post("/api/sessions/takeover", json!({"sessionId": session, "instanceId": instance})).await.ok();
    assert_eq!(taken["epoch"], 2);
    let change = json!({"sessionId": session, "statusDefinitionId": statuses[0],
        "action": {"seq": 1, "instanceId": instance, "epoch": 2, "occurredAt": taken["serverTime"]}});
    assert_eq!(there.post("/api/status-events", change).await.ok()["outcome"], "applied");
    let admin = Caller::admin(&server).await;
    let live = async || {
        let sessions = admin.get(BOARD).await.ok()["sessions"].clone();
        let of = |name: &str| sessions[0][name].clone();
        assert_eq!(sessions.as_array().unwrap().len(), 1);
        ["id", "workerId", "stationId", "status", "currentStatusId", "lastStatusChangeAt", "jobItemId"].map(of)
    };
    let before = live().await;

    // Another tap waits for it when it goes on, before it can have heard anything.
    let order = json!({"do": "status", "status": statuses[1]});
    kiosk.tell(&order);
    kiosk.stands(false);
    let refused = kiosk.done("the tap of the displaced one").await;
    kiosk.shows("lost", |view: &Value| view["waiting"] == 0 && view["ended"]["kind"] == "transferred").await;
    assert_eq!(live().await, before);
    let database = server.data_dir().join("millrace.db");
    // What was tapped before the other came is history; what was tapped after it waits for a supervisor, if the kiosk
    // had not heard yet and took it at all.
    let quarantined = count(&database, "SELECT count(*) FROM quarantine").await;
    assert!(quarantined <= i64::from(refused.is_null()), "{refused}: {quarantined}");
    let past = "SELECT count(*) FROM status_events WHERE epoch = 1 AND ended_at IS NULL";
    assert_eq!(count(&database, past).await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM status_events WHERE ended_at IS NULL").await, 1);
    let beat = json!({"sessionId": session, "instanceId": instance, "epoch": 2});
    assert_eq!(there.post("/api/sessions/heartbeat", beat).await.ok()["ok"], true, "the other one still owns it");
}
