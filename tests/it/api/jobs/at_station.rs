//! What a worker can choose at his station.

use super::super::{Stand, station, text};
use super::{bind, item, job, produce};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_worker_sees_what_can_be_made_at_his_station_open_ones_first() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let due = |number: &str, day: Option<&str>| json!({"number": number, "customer": "Acme", "dueOn": day});
    let late = admin.post("/api/admin/jobs", due("T-1", None)).await.ok();
    let soon = admin.post("/api/admin/jobs", due("T-2", Some("2020-01-01"))).await.ok();
    let done = admin.post("/api/admin/jobs", due("T-0", Some("2019-01-01"))).await.ok();
    let late = item(&server, &admin, &late, "Late", 10, &[1, 4, 1]).await;
    let soon = item(&server, &admin, &soon, "Soon", 10, &[4, 1]).await;
    let done = item(&server, &admin, &done, "Done", 1, &[1]).await;
    let mut stand = Stand::open(&server, 1).await;
    produce(&mut stand, &done).await;
    let body = json!({"sessionId": stand.session, "quantities": {"good": 2, "scrap": 0}, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/complete", body).await.ok());

    let list = worker.get(&format!("/api/stations/{}/job-items", station(&server, 1))).await.ok();
    let rows: Vec<&Value> = list["jobItems"].as_array().expect("a list").iter().collect();
    let mine: Vec<&Value> =
        rows.iter().copied().filter(|row| [&late, &soon, &done].iter().any(|item| item["id"] == row["id"])).collect();
    let names: Vec<(&str, u64)> = mine
        .iter()
        .map(|row| (row["name"].as_str().expect("a name"), row["position"].as_u64().expect("a place")))
        .collect();
    assert_eq!(names, [("Soon", 2), ("Late", 1), ("Late", 3), ("Done", 1)]);
    let soon_row = mine[0];
    assert_eq!((&soon_row["stepId"], &soon_row["isTerminal"]), (&soon["steps"][1]["id"], &json!(true)));
    for (member, value) in [
        ("jobNumber", json!("T-2")),
        ("customer", json!("Acme")),
        ("dueOn", json!("2020-01-01")),
        ("plannedQuantity", json!(10)),
        ("completedGood", json!(0)),
        ("completedScrap", json!(0)),
        ("stepGood", json!(0)),
        ("firstProductApproval", json!(false)),
        ("approval", json!("none")),
        ("complete", json!(false)),
        ("missing", json!(0)),
    ] {
        assert_eq!(soon_row[member], value, "{member}: {soon_row}");
    }
    assert_eq!((&mine[3]["complete"], &mine[3]["completedGood"]), (&json!(true), &json!(2)), "it can still be chosen");
    let kiosk = Caller::kiosk(&server, 1);
    drop(kiosk.get(&format!("/api/stations/{}/job-items", station(&server, 1))).await.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_step_that_asks_for_it_is_shown_with_its_approval() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let steps = json!([{"stationId": station(&server, 1), "firstProductApproval": true}]);
    let draft = json!({"name": "Shaft", "plannedQuantity": 5, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{}/items", text(&job["id"])), draft).await.ok();
    let mut stand = Stand::open(&server, 1).await;
    let worker = stand.caller.clone();
    let approval = async || {
        let list = worker.get(&format!("/api/stations/{}/job-items", station(&server, 1))).await.ok();
        let rows = list["jobItems"].as_array().expect("a list");
        text(&rows.iter().find(|row| row["id"] == item["id"]).expect("listed")["approval"])
    };
    assert_eq!(approval().await, "needed");
    bind(&mut stand, &item).await;
    let body = json!({"sessionId": stand.session, "action": stand.stamp()});
    drop(stand.caller.post("/api/approvals", body).await.ok());
    assert_eq!(approval().await, "pending");
}
