//! Jobs, items, steps and presets, as a supervisor makes them and a kiosk sees them.

use super::{Stand, station, text, uuid};
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

/// Binds the item's first step and begins to produce it.
async fn produce(stand: &mut Stand, item: &Value) {
    let body = json!({
        "sessionId": stand.session,
        "jobItemId": item["id"],
        "stepId": item["steps"][0]["id"],
        "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/sessions/bind-job-item", body).await.ok());
    drop(stand.enter("production").await.ok());
}

#[tokio::test]
async fn a_job_is_made_read_changed_and_removed() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let draft = json!({"number": " T-100 ", "customer": "Acme", "dueOn": "2027-01-31"});
    let made = admin.post("/api/admin/jobs", draft).await;
    assert_eq!((made.status, etag(&made).as_str()), (201, "\"1\""));
    let made = made.ok();
    assert_eq!(
        (&made["number"], &made["customer"], &made["dueOn"]),
        (&json!("T-100"), &json!("Acme"), &json!("2027-01-31"))
    );
    assert_eq!((&made["items"], &made["archivedAt"]), (&json!([]), &Value::Null));
    let path = format!("/api/admin/jobs/{}", text(&made["id"]));
    assert_eq!(admin.get(&path).await.ok(), made);

    let changed = put(&admin, &path, "\"1\"", json!({"number": "T-100", "description": "Blue ones"})).await;
    assert_eq!(etag(&changed), "\"2\"");
    let changed = changed.ok();
    assert_eq!((&changed["customer"], &changed["description"]), (&Value::Null, &json!("Blue ones")), "PUT replaces");

    drop(
        with(&admin, Method::PUT, &path, None, Some(json!({"number": "T-1"})))
            .await
            .problem(428, "PRECONDITION_REQUIRED"),
    );
    drop(with(&admin, Method::DELETE, &path, None, None).await.problem(428, "PRECONDITION_REQUIRED"));
    drop(delete(&admin, &path, "\"1\"").await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(delete(&admin, &path, "\"2\"").await.status, 204);
    drop(admin.get(&path).await.problem(404, "NOT_FOUND"));
    drop(delete(&admin, &path, "\"2\"").await.problem(404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_number_belongs_to_one_job() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    drop(job(&admin, "T-1").await);
    let other = job(&admin, "T-2").await;
    let said = admin.post("/api/admin/jobs", json!({"number": "T-1"})).await.problem(409, "CONFLICT");
    assert!(text(&said["detail"]).contains("number"), "{said}");
    let path = format!("/api/admin/jobs/{}", text(&other["id"]));
    drop(put(&admin, &path, "\"1\"", json!({"number": "T-1"})).await.problem(409, "CONFLICT"));
    drop(put(&admin, &path, "\"1\"", json!({"number": "T-2"})).await.ok());
}

#[tokio::test]
async fn of_two_who_saw_the_same_version_one_changes_it() {
    let server = TestServer::demo(&[]);
    let (one, two) = (Caller::admin(&server).await, Caller::admin(&server).await);
    let job = job(&one, "T-1").await;
    let item = item(&server, &one, &job, "Shaft", 10, &[4]).await;
    let (path, change) = (address(&item), |name: &str| json!({"name": name, "plannedQuantity": 10}));
    let (a, b) = tokio::join!(put(&one, &path, "\"1\"", change("A")), put(&two, &path, "\"1\"", change("B")));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(one.get(&path).await.ok()["version"], 2, "one change");
}

#[tokio::test]
async fn jobs_are_found_by_state_and_by_what_people_remember_of_them() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    for number in ["Zz-1", "Zz-2", "Zz-3", "Zz-4", "Zz-5"] {
        drop(job(&admin, number).await);
    }
    let marked = admin.post("/api/admin/jobs", json!({"number": "Zz-6", "customer": "50% off_Ltd"})).await.ok();
    drop(item(&server, &admin, &marked, "Sprocket Zz", 5, &[4]).await);
    let numbers = async |query: &str| -> Vec<String> {
        let list = admin.get(&format!("/api/admin/jobs?{query}")).await.ok();
        list["items"].as_array().expect("a list").iter().map(|job| text(&job["number"])).collect()
    };
    assert_eq!(numbers("search=zz-3").await, ["Zz-3"]);
    assert_eq!(numbers("search=Sprocket").await, ["Zz-6"], "by the name of an item");
    assert_eq!(numbers("search=50%25%20off_").await, ["Zz-6"], "% and _ are what they are");
    assert_eq!(numbers("search=Zz%25").await, [""; 0]);

    // Over several pages, each job once.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/api/admin/jobs?search=Zz&limit=2{cursor}")).await.ok();
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|job| text(&job["number"])));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["Zz-1", "Zz-2", "Zz-3", "Zz-4", "Zz-5", "Zz-6"]);
    drop(admin.get("/api/admin/jobs?cursor=nonsense").await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.get("/api/admin/jobs?state=lost").await.problem(400, "INVALID_PAYLOAD"));

    let path = format!("/api/admin/jobs/{}", text(&marked["id"]));
    let away = admin.post(&format!("{path}/archive"), json!({})).await.ok();
    assert!(away["archivedAt"].is_string() && away["items"][0]["archivedAt"].is_string(), "{away}");
    assert_eq!(numbers("state=archived&search=Zz").await, ["Zz-6"]);
    assert_eq!(numbers("state=open&search=Zz").await, ["Zz-1", "Zz-2", "Zz-3", "Zz-4", "Zz-5"]);
    drop(
        admin
            .post(
                &format!("{path}/items"),
                json!({"name": "X", "plannedQuantity": 1, "steps": [{"stationId": station(&server, 4)}]}),
            )
            .await
            .problem(409, "INVALID_STATUS_TRANSITION"),
    );
    let back = admin.post(&format!("{path}/unarchive"), json!({})).await.ok();
    assert_eq!(back["archivedAt"], Value::Null);
    assert_eq!(numbers("state=open&search=Zz-6").await, ["Zz-6"]);

    let short = format!("{}/close-short", address(&back["items"][0]));
    drop(admin.post(&short, json!({"reason": "enough"})).await.ok());
    assert_eq!(numbers("state=done&search=Zz").await, ["Zz-6"]);
}

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
    let body = json!({
        "sessionId": stand.session, "jobItemId": item["id"], "stepId": step, "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/sessions/bind-job-item", body).await.ok());
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
    assert_eq!(delete(&admin, &address(&unused), "\"1\"").await.status, 204, "nobody needs this one");

    let quantities = json!({"good": 3, "scrap": 0});
    let body = json!({"sessionId": stand.session, "quantities": quantities, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/complete", body).await.ok());
    let version = etag(&admin.get(&path).await);
    let said = delete(&admin, &path, &version).await.problem(409, "IN_USE");
    assert!(text(&said["detail"]).contains("1 session,") && text(&said["detail"]).contains("Archive"), "{said}");
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
    let path = format!("/api/admin/presets/{}", text(&preset["id"]));
    drop(
        admin
            .post("/api/admin/presets", json!({"name": "Turned parts", "steps": steps}))
            .await
            .problem(409, "CONFLICT"),
    );

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
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let job = job(&admin, "T-1").await;
    let steps = json!([{"stationId": station(&server, 1), "firstProductApproval": true}]);
    let draft = json!({"name": "Shaft", "plannedQuantity": 5, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{}/items", text(&job["id"])), draft).await.ok();
    let list = worker.get(&format!("/api/stations/{}/job-items", station(&server, 1))).await.ok();
    let row = list["jobItems"].as_array().expect("a list").iter().find(|row| row["id"] == item["id"]).expect("listed");
    assert_eq!(row["approval"], "needed");
}

#[tokio::test]
async fn items_come_as_a_table_with_their_progress_and_run_no_formula() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let job = job(&admin, "=1+1").await;
    let made = item(&server, &admin, &job, "@Shaft, \"long\"", 10, &[1]).await;
    let mut stand = Stand::open(&server, 1).await;
    produce(&mut stand, &made).await;
    let body = json!({"sessionId": stand.session, "quantities": {"good": 4, "scrap": 0}, "action": stand.stamp()});
    drop(stand.caller.post("/api/sessions/complete", body).await.ok());

    let table = async |path: &str| {
        let response = admin.request(Method::GET, path).send().await.expect("answers");
        assert!(response.headers()["content-type"].to_str().expect("text").starts_with("text/csv"));
        response.text().await.expect("text")
    };
    let items = table("/api/admin/job-items?format=csv").await;
    let row = items.lines().find(|line| line.contains("Shaft")).expect("the item");
    assert!(row.contains(",'=1+1,"), "{row}");
    assert!(row.contains("\"'@Shaft, \"\"long\"\"\""), "{row}");
    let header: Vec<&str> = items.lines().next().expect("a header").split(',').collect();
    // The name holds a comma of its own: from the end the columns can be counted.
    let from_end = |name: &str| header.len() - header.iter().position(|cell| *cell == name).expect("a column");
    let cells: Vec<&str> = row.rsplit(',').collect();
    for (name, value) in [("plannedQuantity", "10"), ("completedGood", "4"), ("completedScrap", "0"), ("state", "open")]
    {
        assert_eq!(cells[from_end(name) - 1], value, "{name}: {row}");
    }
    let jobs = table("/api/admin/jobs?format=csv").await;
    assert!(jobs.lines().any(|line| line.contains(",'=1+1,")), "{jobs}");
}

#[tokio::test]
async fn planning_is_the_supervisors_and_leaves_a_trace() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let kiosk = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    assert!([401, 403].contains(&kiosk.post("/api/admin/jobs", json!({"number": "T-1"})).await.status));
    assert!([401, 403].contains(&kiosk.get("/api/admin/jobs").await.status));
    let job = job(&admin, "T-1").await;
    let item = item(&server, &admin, &job, "Shaft", 10, &[4]).await;
    drop(admin.post(&format!("{}/close-short", address(&item)), json!({"reason": "no steel"})).await.ok());
    drop(admin.post(&format!("{}/reopen", address(&item)), json!({"reason": "steel came"})).await.ok());
    assert_eq!(delete(&admin, &address(&item), "\"3\"").await.status, 204);
    let database = server.data_dir().join("millrace.db");
    let count = async |query: &str| millrace_tests::sql::count(&database, query).await;
    let who = text(&server.ready["admin"]["username"]);
    for (verb, object) in [
        ("create", "job %T-1"),
        ("create", "job item %Shaft"),
        ("close short", "%no steel"),
        ("reopen", "%steel came"),
        ("delete", "job item %Shaft"),
    ] {
        let query = format!(
            "SELECT count(*) FROM audit_log WHERE actor = '{who}' AND verb = '{verb}' AND object LIKE '{object}'"
        );
        assert_eq!(count(&query).await, 1, "{verb} {object}");
    }
    for (table, changes) in [("jobs", 1), ("job_items", 4)] {
        let query = format!("SELECT count(*) FROM changes WHERE row ->> 'table' = '{table}'");
        assert_eq!(count(&query).await, changes, "{table}");
    }
}
