//! Each stream: who may read it, what it begins with, what it tells.

use super::{Hand, Seen, change, job, move_report, snapshot_of};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

const BOARD: &str = "/api/admin/dashboard";

#[tokio::test]
async fn every_stream_tells_what_happens_on_the_floor() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    let made = job(&admin, "S-1", &[&hand.station]).await;
    let item = &made["items"][0];
    let mut stations = Events::open(&admin, &format!("{BOARD}/stations/stream")).await;
    let mut jobs = Events::open(&admin, &format!("{BOARD}/job-progress/stream")).await;
    let mut reports = Events::open(&admin, "/api/admin/reports/stream?type=malfunction").await;
    let mut other = Events::open(&admin, "/api/admin/reports/stream?type=general").await;
    let mut bell = Events::open(&admin, "/api/admin/notifications/stream").await;
    let pipeline =
        format!("/api/sessions/pipeline/stream?workerId={}&jobId={}", hand.worker, made["id"].as_str().unwrap());
    let mut pipeline = Events::open(&hand.caller, &pipeline).await;
    for events in [&mut stations, &mut jobs, &mut reports, &mut other, &mut bell, &mut pipeline] {
        drop(events.wait_for("initial").await);
    }
    drop(hand.open().await.ok());
    let mut detail = Events::open(&admin, &format!("{BOARD}/session/{}/stream", hand.session())).await;
    let begun = detail.wait_for("initial").await.data;
    assert_eq!(
        (&begun["session"]["id"], begun["statusEvents"].as_array().map(Vec::len)),
        (&json!(hand.session()), Some(1))
    );

    let occupied = stations.wait_for("update").await.data["station"].clone();
    assert_eq!((&occupied["id"], &occupied["sessionId"]), (&json!(hand.station), &json!(hand.session())));
    let option = pipeline.wait_for("update").await.data["stationOptions"][0].clone();
    assert_eq!(
        (&option["stationId"], &option["allowed"], &option["openItems"]),
        (&json!(hand.station), &json!(true), &json!(1))
    );
    assert_eq!(option["occupancy"], occupied["occupancy"]);

    drop(hand.produce(item).await.ok());
    drop(hand.count(3, 1).await.ok());
    let told = loop {
        let told = jobs.wait_for("update").await.data["job"]["items"][0].clone();
        if told["completedGood"] == 3 {
            break told;
        }
    };
    assert_eq!(told["completedScrap"], 1);
    let step = loop {
        let step = pipeline.wait_for("update").await.data["stationOptions"][0]["steps"][0].clone();
        if step["good"] == 3 {
            break step;
        }
    };
    assert_eq!((&step["scrap"], &step["isTerminal"]), (&json!(1), &json!(true)));

    drop(hand.enter("malfunction", json!({"quantities": {"good": 0}})).await.ok());
    let report = reports.wait_for("insert").await.data["report"].clone();
    assert_eq!((&report["state"], &report["description"]), (&json!("open"), &json!("smoke")));
    let rung = bell.wait_for("insert").await.data["notification"].clone();
    assert_eq!((&rung["id"], &rung["kind"]), (&report["id"], &json!("malfunction")));
    assert_eq!(detail.wait_for("report").await.data["report"]["type"], "scrap", "the scrap of the count made one");
    drop(move_report(&admin, report["id"].as_str().unwrap(), "known").await.ok());
    assert_eq!(bell.wait_for("delete").await.data["id"], report["id"], "somebody looks after it");
    assert_eq!(reports.wait_for("update").await.data["report"]["state"], "known");

    drop(hand.end().await.ok());
    let freed = loop {
        let freed = stations.wait_for("update").await.data["station"].clone();
        if freed["occupancy"].is_null() {
            break freed;
        }
    };
    assert_eq!(freed["lastSession"]["closeReason"], "completed");
    // Whatever came: it is what the snapshot says now.
    let path = format!("{BOARD}/session/{}/stream", freed["lastSession"]["id"].as_str().unwrap());
    let now = Seen::of(&admin.get(&snapshot_of(&path)).await.ok());
    let mut seen = Seen::default();
    let mut again = Events::open(&admin, &path).await;
    seen.hear(&again.wait_for("initial").await);
    assert_eq!(seen.rows, now.rows);
    assert!(now.rows.len() >= 5, "a session, its stretches and its reports: {:?}", now.rows.keys());
}

#[tokio::test]
async fn a_stream_is_for_who_may_read_it() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    for path in ["dashboard/stations/stream", "dashboard/job-progress/stream", "reports/stream", "notifications/stream"]
    {
        drop(kiosk.get(&format!("/api/admin/{path}")).await.problem(401, "UNAUTHENTICATED"));
    }
    let unknown = "0198c0de-0000-7000-8000-000000000001";
    drop(admin.get(&format!("{BOARD}/session/{unknown}/stream")).await.problem(404, "SESSION_NOT_FOUND"));
    drop(admin.get(&format!("{BOARD}/session/nonsense/stream")).await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.get("/api/admin/reports/stream?type=lost").await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.get("/api/realtime/stream?subscribe=users:*").await.problem(400, "INVALID_PAYLOAD"));
    drop(kiosk.get("/api/realtime/stream?subscribe=jobs:*").await.problem(403, "FORBIDDEN"));
    drop(kiosk.get("/api/stream?topic=stations").await.problem(401, "UNAUTHENTICATED"));
    drop(admin.get("/api/stream?topic=nonsense").await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.get("/api/stream").await.problem(400, "INVALID_PAYLOAD"));
    let many = |topic: &str, count| format!("/api/stream?snapshot=1{}", format!("&topic={topic}").repeat(count));
    drop(admin.get(&many("stations", 33)).await.problem(400, "INVALID_PAYLOAD"));
    let same = admin.get(&format!("{}&topic=admin/dashboard/stations/stream", many("stations", 31))).await.ok();
    let names: Vec<_> = same["topics"].as_array().unwrap().iter().map(|topic| topic["topic"].clone()).collect();
    assert_eq!(names, ["stations"], "one topic under several names is read once, under the first");
    let path = "/api/realtime/stream?snapshot=1";
    let subscribed = format!("{path}{}", "&subscribe=sessions:*".repeat(65));
    drop(admin.get(&subscribed).await.problem(400, "INVALID_PAYLOAD"));
    let hand = Hand::at(&server, 1).await;
    let path = |worker: &str| format!("/api/sessions/pipeline/stream?workerId={worker}");
    drop(kiosk.get(&path(unknown)).await.problem(401, "UNAUTHENTICATED"));
    drop(admin.get(&path(&hand.worker)).await.problem(401, "UNAUTHENTICATED"));
    // His sign-in ends, and with it the stream.
    let mut events = Events::open(&kiosk, &path(&hand.worker)).await;
    assert!(events.wait_for("initial").await.data["stationOptions"].as_array().is_some_and(|all| all.len() >= 24));
    drop(hand.caller.post("/api/workers/logout", json!({})).await.ok());
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked");
}

#[tokio::test]
async fn one_connection_shows_a_whole_screen() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    let path = "/api/stream?topic=active-sessions&topic=stations&topic=reports%3Ftype%3Dmalfunction\
                &topic=realtime%3Fsubscribe%3Dsessions:UPDATE:status%3Deq.active";
    let mut events = Events::open(&admin, path).await;
    let mut seen = Seen::default();
    let mut initials = Vec::new();
    while initials.len() < 4 {
        let event = events.next().await.expect("goes on");
        seen.hear(&event);
        initials.push((event.data["topic"].clone(), event.data["position"].clone(), event.id));
    }
    let topics: Vec<_> = initials.iter().map(|(topic, ..)| topic.as_str().unwrap()).collect();
    assert_eq!(
        topics,
        [
            "active-sessions",
            "stations",
            "reports?type=malfunction",
            "realtime?subscribe=sessions:UPDATE:status=eq.active"
        ]
    );
    assert!(initials.iter().all(|(_, position, _)| *position == initials[0].1), "at one position");
    assert!(initials[..3].iter().all(|(.., id)| id.is_none()) && initials[3].2.is_some(), "the last has the id");

    drop(hand.open().await.ok());
    drop(hand.enter("malfunction", json!({})).await.ok());
    drop(hand.end().await.ok());
    let mut changes = 0;
    let mut last: Option<(u64, bool)> = None;
    loop {
        let event = events.next().await.expect("goes on");
        let offset = event.data["offset"].as_u64().unwrap();
        // Of one offset the last event, and no other, has the id.
        if let Some((before, whole)) = last {
            assert_eq!(whole, offset > before, "{} at {offset}", event.name);
        }
        last = Some((offset, event.id.is_some()));
        seen.hear(&event);
        changes += u32::from(event.name == "change");
        if event.name == "change" && event.data["new"]["status"] == "completed" {
            assert_eq!(event.data["old"]["status"], "active", "the update that ends a session is seen");
            break;
        }
    }
    assert!(changes >= 2);
    let now = Seen::of(&admin.get(&snapshot_of(path)).await.ok());
    assert_eq!(seen.rows, now.rows);
}

#[tokio::test]
async fn a_kiosk_is_heard_while_its_stream_is_connected_and_told_how_it_is_set_up() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stations = Events::open(&admin, &format!("{BOARD}/stations/stream")).await;
    drop(stations.wait_for("initial").await);
    let kiosk = server.ready["kiosks"][2]["id"].clone();
    let mut own = Events::open(&Caller::kiosk(&server, 2), "/api/kiosk/stream").await;
    let begun = own.wait_for("initial").await.data;
    assert_eq!((&begun["session"], &begun["messages"]), (&Value::Null, &json!([])));
    assert!(begun["config"]["stationId"].is_string(), "{begun}");
    server.advance(6_000);
    let heard = stations.wait_for("update").await.data["station"]["kiosk"].clone();
    assert_eq!((&heard["id"], &heard["contact"]), (&kiosk, &json!("online")));

    let path = format!("/api/admin/kiosks/{}/messages", kiosk.as_str().unwrap());
    let sent = admin.post(&path, json!({"text": "lunch"})).await.ok();
    let told = own.wait_for("message").await.data["message"].clone();
    assert_eq!((&told["id"], &told["text"], &told["shownAt"]), (&sent["id"], &json!("lunch"), &Value::Null));
    let now = Caller::kiosk(&server, 2).get("/api/kiosk/stream?snapshot=1").await.ok();
    assert_eq!(now["messages"][0]["id"], sent["id"], "who missed it has it in the beginning");

    let record = admin.get(&format!("/api/admin/kiosks/{}", kiosk.as_str().unwrap())).await;
    let version = record.headers["etag"].to_str().unwrap().to_owned();
    let path = format!("/api/admin/kiosks/{}", kiosk.as_str().unwrap());
    let put = admin.request(reqwest::Method::PUT, &path).header("if-match", version);
    let put = put.json(&json!({"name": "Moved", "stationId": null}));
    drop(millrace_tests::call::send(put).await.ok());
    let config = own.wait_for("config").await.data["config"].clone();
    assert_eq!((&config["name"], &config["stationId"]), (&json!("Moved"), &Value::Null));
    assert_eq!(stations.wait_for("update").await.data["station"]["kiosk"], Value::Null, "none stands there now");
}

#[tokio::test]
async fn a_cursor_older_than_the_log_is_told_so() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    let mut events = Events::open(&admin, &format!("{BOARD}/active-sessions/stream")).await;
    let old = events.wait_for("initial").await.id.expect("an id");
    drop(hand.open().await.ok());
    let young = events.wait_for("insert").await.id.expect("an id");
    drop(hand.end().await.ok());
    // Four days later all but the newest change is gone.
    server.advance(4 * 24 * 3_600_000);
    let folder = loop {
        let path = server.data_dir().join("millrace.db");
        if millrace_tests::sql::count(&path, "SELECT count(*) FROM changes").await == 1 {
            break server.kill9();
        }
        tokio::task::yield_now().await;
    };
    let server = TestServer::demo_in(folder, &[]);
    let admin = Caller::admin(&server).await;
    for cursor in [old, young] {
        let mut again =
            Events::resume(&admin, &format!("{BOARD}/active-sessions/stream"), Some(&cursor)).await.unwrap();
        assert_eq!(again.wait_for("initial").await.data["reason"], "too_old");
    }
}

#[tokio::test]
async fn a_station_that_is_renamed_is_so_in_the_jobs_that_come_to_it() {
    let server = TestServer::demo(&[]);
    let (admin, hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    let made = job(&admin, "S-2", &[&hand.station]).await;
    let id = made["id"].as_str().unwrap();
    let mut jobs = Events::open(&admin, &format!("{BOARD}/job-progress/stream")).await;
    let path = format!("/api/sessions/pipeline/stream?workerId={}&jobId={id}", hand.worker);
    let mut pipeline = Events::open(&hand.caller, &path).await;
    let path = format!("/api/realtime/stream?subscribe=job_items:UPDATE:jobId=eq.{id}");
    let mut rows = Events::open(&admin, &path).await;
    for events in [&mut jobs, &mut pipeline, &mut rows] {
        drop(events.wait_for("initial").await);
    }
    drop(change(&admin, "stations", &hand.station, json!({"code": "NEW", "name": "New name"})).await.ok());
    let told = loop {
        let told = jobs.wait_for("update").await.data["job"].clone();
        if told["id"] == id {
            break told["items"][0]["steps"][0].clone();
        }
    };
    assert_eq!((&told["stationCode"], &told["stationName"]), (&json!("NEW"), &json!("New name")));
    let row = rows.wait_for("change").await.data;
    assert_eq!(row["new"]["steps"][0]["stationCode"], "NEW");
    assert_ne!(row["old"]["steps"][0]["stationCode"], "NEW");
    loop {
        let told = pipeline.wait_for("update").await.data;
        if told["stationOptions"][0]["code"] == "NEW" && told["jobItems"][0]["steps"][0]["stationCode"] == "NEW" {
            break;
        }
    }
    let now = admin.get(&format!("{BOARD}/job-progress/stream?snapshot=1")).await.ok();
    let known = now["jobs"].as_array().unwrap().iter().find(|job| job["id"] == id).expect("the job");
    assert_eq!(known["items"][0]["steps"][0]["stationCode"], "NEW");
}

#[tokio::test]
async fn what_was_taken_back_is_the_same_for_who_heard_it_and_for_who_comes_later() {
    let server = TestServer::demo(&[]);
    let (admin, mut hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    drop(hand.open().await.ok());
    let path = format!("{BOARD}/session/{}/stream", hand.session());
    let mut events = Events::open(&admin, &path).await;
    drop(hand.enter("setup", json!({})).await.ok());
    drop(hand.enter("malfunction", json!({})).await.ok());
    drop(hand.undo().await.ok());
    let now = admin.get(&snapshot_of(&path)).await.ok();
    let mut seen = Seen::default();
    while seen.offset < now["offset"].as_u64().unwrap() {
        seen.hear(&events.next().await.unwrap());
    }
    assert_eq!(seen.rows, Seen::of(&now).rows);
    let told = now["statusEvents"].as_array().unwrap().iter();
    let back: Vec<_> = told.filter(|event| event["voided"] == true).collect();
    assert_eq!(back.len(), 1);
    assert_eq!(back[0]["startedAt"], back[0]["endedAt"]);
    // In the record it never was.
    let record = admin.get(&format!("/api/admin/sessions/{}", hand.session())).await.ok();
    assert!(record["statusEvents"].as_array().unwrap().iter().all(|event| event["voided"] == false));
}

#[tokio::test]
async fn a_kiosk_is_told_the_rows_of_its_session_up_to_the_one_that_ends_it() {
    let server = TestServer::demo(&[]);
    let (admin, mut hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    let path = "/api/realtime/stream?subscribe=sessions:*&subscribe=status_events:*&subscribe=reports:*";
    let (mut own, mut all) = (Events::open(&hand.caller, path).await, Events::open(&admin, path).await);
    drop((own.wait_for("initial").await, all.wait_for("initial").await));
    drop(hand.open().await.ok());
    drop(hand.enter("malfunction", json!({})).await.ok());
    let ended = hand.session().to_owned();
    let body = json!({"quantities": {"good": 1, "scrap": 1, "note": "bent"}});
    drop(hand.act("/api/sessions/complete", body).await.ok());
    // What a supervisor puts right afterwards is none of its business.
    let record = admin.get(&format!("/api/admin/sessions/{ended}")).await.ok();
    let right =
        json!({"kind": "count", "entryId": record["quantities"][0]["id"], "good": 3, "scrap": 1, "reason": "x"});
    drop(admin.post("/api/admin/amendments", right).await.ok());
    let malfunction = record["reports"].as_array().unwrap().iter().find(|report| report["type"] == "malfunction");
    drop(move_report(&admin, malfunction.unwrap()["id"].as_str().unwrap(), "known").await.ok());
    drop(hand.open().await.ok());
    let is_of = |row: &Value| row["id"] == ended.as_str() || row["sessionId"] == ended.as_str();
    let mut told = Vec::new();
    loop {
        let data = own.wait_for("change").await.data;
        if !is_of(&data["new"]) {
            break;
        }
        told.push(data);
    }
    let of = |table: &'static str| told.iter().filter(move |data| data["table"] == table);
    assert!(
        of("sessions")
            .any(|data| (&data["old"]["status"], &data["new"]["status"]) == (&json!("active"), &json!("completed")))
    );
    assert_eq!(of("sessions").filter(|data| data["old"]["status"] == "completed").count(), 0);
    assert!(of("reports").any(|data| data["new"]["type"] == "scrap"), "what came with the end");
    assert_eq!(of("reports").filter(|data| data["new"]["state"] == "known").count(), 0);
    // A supervisor sees it all.
    loop {
        let data = all.wait_for("change").await.data;
        if data["table"] == "reports" && data["new"]["state"] == "known" {
            break;
        }
    }
}

#[tokio::test]
async fn what_is_renamed_is_so_on_the_board_and_history_keeps_its_names() {
    let server = TestServer::demo(&[]);
    let (admin, mut hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    drop(hand.open().await.ok());
    let past = hand.session().to_owned();
    drop(hand.end().await.ok());
    let before = admin.get(&format!("/api/admin/sessions/{past}")).await.ok()["session"].clone();
    drop(hand.open().await.ok());
    let mut board = Events::open(&admin, &format!("{BOARD}/active-sessions/stream")).await;
    drop(board.wait_for("initial").await);
    let station = admin.get(&format!("/api/admin/stations/{}", hand.station)).await.ok();
    let area = station["areaId"].as_str().unwrap();
    drop(change(&admin, "stations", &hand.station, json!({"code": "NEW", "name": "New name"})).await.ok());
    drop(change(&admin, "areas", area, json!({"name": "New hall"})).await.ok());
    drop(change(&admin, "workers", &hand.worker, json!({"code": "4711", "name": "New Worker"})).await.ok());
    let mut told = Value::Null;
    for _ in 0..3 {
        told = board.wait_for("update").await.data["session"].clone();
    }
    let names =
        |session: &Value| ["stationCode", "stationName", "areaName", "workerName"].map(|of| session[of].clone());
    assert_eq!(names(&told), ["NEW", "New name", "New hall", "New Worker"]);
    // By the code that he came with his kiosk goes on.
    assert_eq!(told["workerCode"], before["workerCode"]);
    drop(hand.act("/api/calls", json!({"note": "come"})).await.ok());
    assert_eq!(admin.get(&format!("/api/admin/sessions/{past}")).await.ok()["session"], before);
}
