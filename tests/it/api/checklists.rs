//! Checklists: managed by supervisors, asked by stations, answered by workers.

use super::{Stand, audited, csv, station, supervisor, text, uuid};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::{Value, json};

const LISTS: &str = "/api/admin/checklists";

/// Guard (tick, required), pressure (number, required), remark (words, not required).
fn draft(name: &str) -> Value {
    json!({"name": name, "items": [
        {"id": "guard", "labels": {"en": "Guard closed"}, "kind": "check", "required": true},
        {"id": "pressure", "labels": {"en": "Air pressure, bar"}, "kind": "number", "required": true},
        {"id": "remark", "labels": {"en": "Remark"}, "kind": "text", "required": false},
    ]})
}

fn path(list: &Value) -> String {
    format!("{LISTS}/{}", text(&list["id"]))
}

/// Puts lists at a station.
async fn ask(server: &TestServer, number: usize, start: &Value, end: &Value) {
    let admin = Caller::admin(server).await;
    let path = format!("/api/admin/stations/{}", station(server, number));
    let now = admin.get(&path).await.ok();
    let mut draft = json!({"code": now["code"], "name": now["name"], "type": now["type"], "areaId": now["areaId"]});
    (draft["startChecklistId"], draft["endChecklistId"]) = (start.clone(), end.clone());
    drop(admin.put(&path, &now["version"], draft).await.ok());
}

fn answers(list: &Value, version: u64, pressure: &Value) -> Value {
    json!({"checklistId": list["id"], "version": version, "answers": [
        {"itemId": "guard", "value": true},
        {"itemId": "pressure", "value": pressure},
    ]})
}

#[tokio::test]
async fn supervisors_make_and_change_lists_and_each_change_is_a_version() {
    let server = TestServer::demo(&[]);
    let user = supervisor(&server).await;
    let made = user.post(LISTS, draft("Start of shift")).await;
    assert_eq!(made.status, 201);
    let made = made.ok();
    assert_eq!((&made["version"], made["items"].as_array().map(Vec::len)), (&json!(1), Some(3)));
    drop(user.post(LISTS, draft("Start of shift")).await.problem(409, "CONFLICT"));
    let changed = user.put(&path(&made), &json!(1), draft("Start")).await.ok();
    assert_eq!((&changed["version"], &changed["name"]), (&json!(2), &json!("Start")));
    drop(user.put(&path(&made), &json!(1), draft("Begin")).await.problem(412, "PRECONDITION_FAILED"));
    for wrong in [
        json!({"name": "x", "items": []}),
        json!({"name": "", "items": draft("x")["items"]}),
        json!({"name": "x", "items": [draft("x")["items"][0], draft("x")["items"][0]]}),
        json!({"name": "x", "items": [{"id": "a b", "labels": {"en": "x"}, "kind": "check", "required": true}]}),
        json!({"name": "x", "items": [{"id": "a", "labels": {}, "kind": "check", "required": true}]}),
        json!({"name": "x", "items": [{"id": "a", "labels": {"en": "x"}, "kind": "photo", "required": true}]}),
    ] {
        drop(user.post(LISTS, wrong).await.problem(400, "INVALID_PAYLOAD"));
    }
    let listed = user.get(LISTS).await.ok();
    assert!(listed["items"].as_array().is_some_and(|items| items.contains(&changed)), "{listed}");
    assert!(csv(&user, &format!("{LISTS}?format=csv")).await.contains(",Start,3,2,true,2"));
    assert_eq!(user.delete(&path(&made), &json!(2)).await.status, 204);
    drop(user.get(&path(&made)).await.problem(404, "NOT_FOUND"));
    assert_eq!(audited(&server, "checklist").await, 3);
}

#[tokio::test]
async fn a_station_asks_its_lists_and_takes_nothing_less() {
    let server = TestServer::demo(&[]);
    let user = supervisor(&server).await;
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let asked = format!("/api/stations/{}/checklists", station(&server, 1));
    assert_eq!(worker.get(&asked).await.ok(), json!({"start": null, "end": null}), "as the contract says of the demo");
    let start = user.post(LISTS, draft("Start")).await.ok();
    let end = user.post(LISTS, draft("End")).await.ok();
    ask(&server, 1, &start["id"], &end["id"]).await;
    assert_eq!(worker.get(&asked).await.ok(), json!({"start": start, "end": end}));
    let elsewhere = format!("/api/stations/{}/checklists", uuid());
    drop(worker.get(&elsewhere).await.problem(403, "STATION_NOT_ALLOWED"));

    let instance = uuid();
    let opening = |checklist: Value| {
        let mut body = json!({"stationId": station(&server, 1), "instanceId": instance});
        if !checklist.is_null() {
            body["checklist"] = checklist;
        }
        worker.post("/api/sessions", body)
    };
    let missing = opening(Value::Null).await.problem(422, "CHECKLIST_REQUIRED");
    assert_eq!((&missing["checklist"], &missing["itemIds"]), (&start, &json!(["guard", "pressure"])));
    for wrong in [answers(&start, 1, &json!("five")), answers(&start, 2, &json!(5.5)), answers(&end, 1, &json!(5.5))] {
        drop(opening(wrong).await.problem(422, "CHECKLIST_REQUIRED"));
    }
    let opened = opening(answers(&start, 1, &json!(5.5))).await;
    assert_eq!(opened.status, 201);
    let mut stand = Stand::of(worker.clone(), station(&server, 1), instance.clone(), &opened.ok()).await;
    let database = server.data_dir().join("millrace.db");
    let kept = "SELECT count(*) FROM checklist_answers WHERE moment = 'start' AND checklist_version = 1 \
                AND json_array_length(items) = 3 AND answers ->> '$[1].value' = 5.5";
    assert_eq!(sql::count(&database, kept).await, 1);

    let refused = stand.end().await.problem(422, "CHECKLIST_REQUIRED");
    assert_eq!(refused["checklist"], end);
    let body = json!({"sessionId": stand.session, "checklist": answers(&end, 1, &json!(0)), "action": stand.stamp()});
    let ended = worker.post("/api/sessions/complete", body).await.ok();
    assert_eq!(ended["session"]["status"], "completed");
    assert_eq!(sql::count(&database, "SELECT count(*) FROM checklist_answers").await, 2);
}

#[tokio::test]
async fn an_older_version_will_do_when_it_has_what_is_required_now() {
    let server = TestServer::demo(&[]);
    let user = supervisor(&server).await;
    let list = user.post(LISTS, draft("Start")).await.ok();
    ask(&server, 1, &list["id"], &Value::Null).await;
    let mut fewer = draft("Start");
    fewer["items"].as_array_mut().unwrap().remove(1);
    let second = user.put(&path(&list), &json!(1), fewer).await.ok();
    let mut more = draft("Start");
    more["items"][2]["required"] = true.into();
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let opening =
        |checklist: Value| json!({"stationId": station(&server, 1), "instanceId": uuid(), "checklist": checklist});
    let third = user.put(&path(&list), &second["version"], more.clone()).await.ok();
    let short = worker.post("/api/sessions", opening(answers(&list, 1, &json!(5)))).await;
    let short = short.problem(422, "CHECKLIST_REQUIRED");
    assert_eq!((&short["checklist"], &short["itemIds"]), (&third, &json!(["remark"])), "the list that is in force");
    more["items"].as_array_mut().unwrap().truncate(1);
    more["items"][0]["labels"]["en"] = "Guard locked".into();
    drop(user.put(&path(&list), &third["version"], more).await.ok());
    let taken = worker.post("/api/sessions", opening(answers(&list, 1, &json!(5)))).await;
    assert_eq!(taken.status, 201, "the pressure is not asked any more, but was: {}", taken.body);
    // It is kept with what he read: the list has other words by now, and fewer.
    let record = user.get(&format!("/api/admin/sessions/{}", text(&taken.body["session"]["id"]))).await.ok();
    let kept = &record["checklists"][0];
    assert_eq!((&kept["checklistVersion"], &kept["items"]), (&json!(1), &list["items"]));
}

#[tokio::test]
async fn what_was_answered_at_an_end_that_came_late_is_kept_beside_the_end_that_was() {
    let server = TestServer::demo(&[]);
    let user = supervisor(&server).await;
    let end = user.post(LISTS, draft("End")).await.ok();
    ask(&server, 1, &Value::Null, &end["id"]).await;
    let mut first = Stand::open(&server, 1).await;
    server.advance(1_000);
    // Another kiosk of his takes over; what the first one did until then is still in its outbox.
    let there = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let instance = uuid();
    let taken =
        there.post("/api/sessions/takeover", json!({"sessionId": first.session, "instanceId": instance})).await.ok();
    let mut second = Stand::of(there, station(&server, 1), instance, &taken).await;
    let mut body =
        json!({"sessionId": first.session, "checklist": answers(&end, 1, &json!("five")), "action": first.stamp()});
    drop(first.caller.post("/api/sessions/complete", body.clone()).await.problem(422, "CHECKLIST_REQUIRED"));
    body["checklist"] = answers(&end, 1, &json!(4.5));
    body["action"] = first.stamp();
    let late = first.caller.post("/api/sessions/complete", body).await.ok();
    assert_eq!(late["outcome"], "late");
    assert_eq!(second.beat().await.status, 200, "nothing live has changed");
    // The list changes; each answer stays with the list it was given to.
    let mut fewer = draft("End");
    fewer["items"].as_array_mut().unwrap().truncate(2);
    drop(user.put(&path(&end), &json!(1), fewer).await.ok());
    let body = json!({
        "sessionId": second.session, "checklist": answers(&end, 2, &json!(6)), "action": second.stamp(),
    });
    drop(second.caller.post("/api/sessions/complete", body).await.ok());
    let record = user.get(&format!("/api/admin/sessions/{}", first.session)).await.ok();
    let kept: Vec<_> = record["checklists"].as_array().unwrap().iter().collect();
    let said = |kept: &Value| {
        let pressure = kept["answers"].as_array().unwrap().iter().find(|answer| answer["itemId"] == "pressure");
        json!([
            kept["moment"],
            kept["epoch"],
            kept["checklistVersion"],
            kept["items"].as_array().map(Vec::len),
            pressure.map(|answer| answer["value"].clone()),
        ])
    };
    assert_eq!(
        kept.iter().map(|kept| said(kept)).collect::<Vec<_>>(),
        [json!(["end", 1, 1, 3, 4.5]), json!(["end", 2, 2, 2, 6.0]),]
    );
}

#[tokio::test]
async fn a_list_that_is_needed_stays() {
    let server = TestServer::demo(&[]);
    let user = supervisor(&server).await;
    let list = user.post(LISTS, draft("Start")).await.ok();
    ask(&server, 1, &list["id"], &Value::Null).await;
    let asked = user.delete(&path(&list), &json!(1)).await.problem(409, "IN_USE");
    let code = text(&server.ready["stations"][1]["code"]);
    assert!(text(&asked["detail"]).contains(&code), "it says where: {asked}");
    let mut out = draft("Start");
    out["active"] = false.into();
    drop(user.put(&path(&list), &json!(1), out.clone()).await.problem(409, "IN_USE"));
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let body = json!({
        "stationId": station(&server, 1), "instanceId": uuid(), "checklist": answers(&list, 1, &json!(5)),
    });
    drop(worker.post("/api/sessions", body).await.ok());
    ask(&server, 1, &Value::Null, &Value::Null).await;
    drop(user.delete(&path(&list), &json!(1)).await.problem(409, "IN_USE"));
    assert_eq!(user.put(&path(&list), &json!(1), out).await.ok()["active"], false, "it can be put out of use");
    let admin = Caller::admin(&server).await;
    let with_it = json!({"code": "N-1", "name": "N", "type": "N", "startChecklistId": list["id"]});
    drop(admin.post("/api/admin/stations", with_it).await.problem(400, "INVALID_PAYLOAD"));
}
