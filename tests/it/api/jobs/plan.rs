//! Jobs: made, found, changed, exported and removed by supervisors.

use super::super::{Stand, station, text};
use super::{address, delete, etag, item, job, produce, put, with};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use reqwest::Method;
use serde_json::{Value, json};

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

    let shapeless = json!({"number": "Zz-7\u{200e}"});
    drop(admin.post("/api/admin/jobs", shapeless).await.problem(400, "INVALID_PAYLOAD"));

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
    let row = items.lines().find(|line| line.contains("'=1+1")).expect("the item");
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
    let count = async |query: &str| sql::count(&database, query).await;
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
    sql::run(&database, "UPDATE users SET role = 'supervisor'").await;
    let job = admin.post("/api/admin/jobs", json!({"number": "T-2"})).await;
    assert_eq!(job.status, 201, "no administrator is needed");
}
