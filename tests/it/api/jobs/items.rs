//! Items, their steps, and presets: what may be changed when.

use super::super::{Stand, station, text, uuid};
use super::{address, bind, delete, etag, item, job, produce, put};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn steps_are_put_in_order_and_the_last_is_terminal() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let item = item(&server, &admin, &job, "Shaft", 10, &[4, 5, 4]).await;
    let terminal = |item: &Value| -> Vec<bool> {
        item["steps"].as_array().expect("steps").iter().map(|step| step["isTerminal"] == true).collect()
    };
    assert_eq!(terminal(&item), [false, false, true]);
    let path = format!("{}/pipeline", address(&item));
    let way = admin.get(&path).await;
    assert_eq!(etag(&way), "\"1\"");
    let way = way.ok();
    assert_eq!((&way["steps"], &way["frozenAt"]), (&item["steps"], &Value::Null));

    // The last comes first, the middle one goes, one more is added.
    let step = |number: usize| json!({"stationId": station(&server, number)});
    let mut first = step(4);
    first["id"] = item["steps"][2]["id"].clone();
    first["plannedMsPerPiece"] = 1500.into();
    let mut second = step(4);
    second["id"] = item["steps"][0]["id"].clone();
    let changed = put(&admin, &path, "\"1\"", json!({"steps": [first, second, step(6)]})).await;
    assert_eq!(etag(&changed), "\"2\"");
    let changed = changed.ok();
    let ids: Vec<&Value> = changed["steps"].as_array().expect("steps").iter().map(|step| &step["id"]).collect();
    assert_eq!(ids[..2], [&item["steps"][2]["id"], &item["steps"][0]["id"]], "a step stays itself");
    assert_eq!(terminal(&changed), [false, false, true]);
    assert_eq!(
        (&changed["steps"][0]["plannedMsPerPiece"], &changed["steps"][2]["position"]),
        (&json!(1500), &json!(3))
    );
    drop(put(&admin, &path, "\"1\"", json!({"steps": [step(4)]})).await.problem(412, "PRECONDITION_FAILED"));
    drop(put(&admin, &path, "\"2\"", json!({"steps": []})).await.problem(400, "INVALID_PAYLOAD"));
    let foreign = json!({"id": uuid(), "stationId": station(&server, 4)});
    drop(put(&admin, &path, "\"2\"", json!({"steps": [foreign]})).await.problem(400, "INVALID_PAYLOAD"));
}

#[tokio::test]
async fn no_step_is_planned_where_there_is_no_station() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let path = format!("/api/admin/jobs/{}/items", text(&job["id"]));
    let draft = json!({"name": "Shaft", "plannedQuantity": 1, "steps": [{"stationId": station(&server, 4)}, {"stationId": uuid()}]});
    let said = admin.post(&path, draft).await.problem(400, "INVALID_PAYLOAD");
    assert!(text(&said["detail"]).contains("Step 2"), "{said}");
    assert_eq!(
        admin.get(&format!("/api/admin/jobs/{}", text(&job["id"]))).await.ok()["items"],
        json!([]),
        "nothing was stored"
    );
}

#[tokio::test]
async fn from_its_first_production_on_the_steps_of_an_item_stand_still() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let item = item(&server, &admin, &job, "Shaft", 10, &[1, 4]).await;
    let mut stand = Stand::open(&server, 1).await;
    produce(&mut stand, &item).await;
    let path = address(&item);
    let now = admin.get(&path).await;
    let (version, now) = (etag(&now), now.ok());
    assert!(now["frozenAt"].is_string(), "{now}");

    let other = json!({"steps": [{"stationId": station(&server, 1)}]});
    drop(put(&admin, &format!("{path}/pipeline"), &version, other.clone()).await.problem(409, "STEPS_FROZEN"));
    let mut draft = json!({"name": "Shaft B", "plannedQuantity": 12, "steps": other["steps"]});
    drop(put(&admin, &path, &version, draft.clone()).await.problem(409, "STEPS_FROZEN"));
    draft["steps"] = json!([{"stationId": station(&server, 1)}, {"stationId": station(&server, 4)}]);
    let renamed = put(&admin, &path, &version, draft).await.ok();
    assert_eq!((&renamed["name"], &renamed["plannedQuantity"]), (&json!("Shaft B"), &json!(12)));
    assert_eq!(renamed["steps"], now["steps"]);
}

#[tokio::test]
async fn a_step_that_a_session_has_chosen_is_not_taken_from_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let item = item(&server, &admin, &job, "Shaft", 10, &[1, 4]).await;
    let mut stand = Stand::open(&server, 1).await;
    let step = &item["steps"][0]["id"];
    bind(&mut stand, &item).await;
    let path = format!("{}/pipeline", address(&item));
    let elsewhere = json!([{"id": step, "stationId": station(&server, 5)}, {"stationId": station(&server, 4)}]);
    for steps in [json!([{"stationId": station(&server, 4)}]), elsewhere] {
        drop(put(&admin, &path, "\"1\"", json!({"steps": steps})).await.problem(409, "IN_USE"));
    }
    let later = json!([{"stationId": station(&server, 4)}, {"stationId": station(&server, 1)}]);
    let changed = put(&admin, &path, "\"1\"", json!({"steps": later})).await.ok();
    assert_eq!(&changed["steps"][1]["id"], step, "it may change its place");
}

#[tokio::test]
async fn what_the_floor_or_history_needs_is_not_removed() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "T-1").await;
    let made = item(&server, &admin, &job, "Shaft", 10, &[1]).await;
    let unused = item(&server, &admin, &job, "Bolt", 10, &[1]).await;
    let mut stand = Stand::open(&server, 1).await;
    produce(&mut stand, &made).await;
    let (path, of_job) = (address(&made), format!("/api/admin/jobs/{}", text(&job["id"])));
    let version = etag(&admin.get(&path).await);
    let said = delete(&admin, &path, &version).await.problem(409, "IN_USE");
    assert!(text(&said["detail"]).contains("works on"), "{said}");
    drop(delete(&admin, &of_job, "\"1\"").await.problem(409, "IN_USE"));
    drop(admin.post(&format!("{path}/archive"), json!({})).await.problem(409, "IN_USE"));
    drop(admin.post(&format!("{of_job}/archive"), json!({})).await.problem(409, "IN_USE"));
    let short = json!({"reason": "no steel"});
    drop(admin.post(&format!("{path}/close-short"), short.clone()).await.problem(409, "IN_USE"));
    assert_eq!(delete(&admin, &address(&unused), "\"1\"").await.status, 204, "nobody needs this one");

    let quantities = json!({"good": 10, "scrap": 0});
    let body = json!({"sessionId": stand.session, "quantities": quantities, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/complete", body).await.ok());
    let version = etag(&admin.get(&path).await);
    let said = delete(&admin, &path, &version).await.problem(409, "IN_USE");
    assert!(text(&said["detail"]).contains("1 session,") && text(&said["detail"]).contains("Archive"), "{said}");
    let said = admin.post(&format!("{path}/close-short"), short).await.problem(409, "INVALID_STATUS_TRANSITION");
    assert!(text(&said["detail"]).contains("complete"), "nothing of it is short: {said}");
    assert!(admin.post(&format!("{of_job}/archive"), json!({})).await.ok()["archivedAt"].is_string());
}

#[tokio::test]
async fn an_item_is_closed_short_with_a_reason_and_opened_again() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let job = job(&admin, "T-1").await;
    let item = item(&server, &admin, &job, "Shaft", 10, &[1]).await;
    let path = address(&item);
    let listed = async || {
        let list = worker.get(&format!("/api/stations/{}/job-items", station(&server, 1))).await.ok();
        list["jobItems"].as_array().expect("a list").iter().any(|row| row["id"] == item["id"])
    };
    assert!(listed().await);
    drop(admin.post(&format!("{path}/close-short"), json!({"reason": " "})).await.problem(400, "INVALID_PAYLOAD"));
    let closed = admin.post(&format!("{path}/close-short"), json!({"reason": "customer cancelled"})).await.ok();
    assert_eq!((&closed["complete"], &closed["closedShortReason"]), (&json!(true), &json!("customer cancelled")));
    assert!(!listed().await, "closed short is not chosen any more");
    drop(
        admin
            .post(&format!("{path}/close-short"), json!({"reason": "again"}))
            .await
            .problem(409, "INVALID_STATUS_TRANSITION"),
    );
    let open = admin.post(&format!("{path}/reopen"), json!({"reason": "they want them after all"})).await.ok();
    assert_eq!(
        (&open["complete"], &open["closedShortReason"], &open["closedShortAt"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    assert!(listed().await);
    drop(admin.post(&format!("{path}/reopen"), json!({})).await.problem(409, "INVALID_STATUS_TRANSITION"));
}

#[tokio::test]
async fn a_preset_gives_its_steps_and_is_forgotten() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let steps = json!([
        {"stationId": station(&server, 4), "plannedMsPerPiece": 900},
        {"stationId": station(&server, 5), "firstProductApproval": true},
    ]);
    let made = admin.post("/api/admin/presets", json!({"name": "Turned parts", "steps": steps})).await;
    assert_eq!((made.status, etag(&made).as_str()), (201, "\"1\""));
    let preset = made.ok();
    assert_eq!(preset["steps"][1]["plannedMsPerPiece"], Value::Null, "said, though it is not known");
    let path = format!("/api/admin/presets/{}", text(&preset["id"]));
    drop(
        admin
            .post("/api/admin/presets", json!({"name": "Turned parts", "steps": steps}))
            .await
            .problem(409, "CONFLICT"),
    );

    let nowhere = json!({"name": "Nowhere", "steps": [{"stationId": uuid()}]});
    drop(admin.post("/api/admin/presets", nowhere).await.problem(400, "INVALID_PAYLOAD"));

    let job = job(&admin, "T-1").await;
    let items = format!("/api/admin/jobs/{}/items", text(&job["id"]));
    let draft = json!({"name": "Shaft", "plannedQuantity": 5, "presetId": preset["id"]});
    let item = admin.post(&items, draft.clone()).await.ok();
    assert_eq!(
        (&item["steps"][0]["plannedMsPerPiece"], &item["steps"][1]["firstProductApproval"]),
        (&json!(900), &json!(true))
    );
    drop(
        admin
            .post(&items, json!({"name": "X", "plannedQuantity": 5, "presetId": uuid()}))
            .await
            .problem(400, "INVALID_PAYLOAD"),
    );

    let fewer = json!({"name": "Turned parts", "steps": [steps[0]]});
    drop(put(&admin, &path, "\"1\"", fewer.clone()).await.ok());
    drop(put(&admin, &path, "\"1\"", fewer).await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(admin.get(&address(&item)).await.ok()["steps"], item["steps"], "items don't change with it");
    let list = admin.get("/api/admin/presets").await.ok();
    assert!(
        list["items"].as_array().expect("a list").iter().any(|row| row["id"] == preset["id"] && row["version"] == 2)
    );
    assert_eq!(delete(&admin, &path, "\"2\"").await.status, 204);
    drop(admin.get(&path).await.problem(404, "NOT_FOUND"));
    assert_eq!(admin.get(&address(&item)).await.status, 200);
}
