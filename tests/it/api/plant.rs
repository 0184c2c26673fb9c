//! Areas and shift calendars, and what all lists and changes of managed things have in common.

use super::{audited, csv, station, supervisor, text};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};

const AREAS: &str = "/api/admin/areas";
const CALENDARS: &str = "/api/admin/shift-calendars";

async fn area(admin: &Caller, name: &str) -> Value {
    admin.post(AREAS, json!({"name": name})).await.ok()
}

fn at(thing: &Value, list: &str) -> String {
    format!("{list}/{}", text(&thing["id"]))
}

fn names(page: &Value) -> Vec<String> {
    page["items"].as_array().expect("a list").iter().map(|item| text(&item["name"])).collect()
}

/// Shifts around the clock, seven days a week.
fn three_shifts() -> Value {
    let day = json!([
        {"name": "early", "startsAt": "06:00", "endsAt": "14:00", "breaks": [{"startsAt": "10:00", "endsAt": "10:30"}]},
        {"name": "late", "startsAt": "14:00", "endsAt": "22:00"},
        {"name": "night", "startsAt": "22:00", "endsAt": "06:00"},
    ]);
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .map(|name| (name.to_owned(), day.clone()))
        .into_iter()
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn a_list_is_read_page_by_page_whatever_is_added_and_removed_meanwhile() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let before = names(&admin.get(AREAS).await.ok());
    for n in 0..7 {
        area(&admin, &format!("~Hall {n}")).await;
    }
    let mut seen = Vec::new();
    let mut address = format!("{AREAS}?limit=2");
    loop {
        let page = admin.get(&address).await.ok();
        let items = names(&page);
        assert!((1..=2).contains(&items.len()), "{page}");
        seen.extend(items);
        if seen.len() == before.len() + 4 {
            // Before and after the place where the reading is.
            let gone = admin.get(&format!("{AREAS}?limit=500")).await.ok()["items"][0].clone();
            if admin.delete(&at(&gone, AREAS), &gone["version"]).await.status == 409 {
                area(&admin, " Aisle").await;
            }
            area(&admin, "~Hall 9").await;
        }
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        address = format!("{AREAS}?limit=2&cursor={cursor}");
    }
    let mut expected = before;
    expected.extend((0..7).map(|n| format!("~Hall {n}")));
    expected.push("~Hall 9".into());
    assert_eq!(seen, expected);
    for hostile in ["zz", "00", "%00", "ffffffffffffffffffffffffffffffffff", "'"] {
        drop(admin.get(&format!("{AREAS}?cursor={hostile}")).await.problem(400, "INVALID_PAYLOAD"));
    }
    for limit in ["0", "501", "-1", "x"] {
        drop(admin.get(&format!("{AREAS}?limit={limit}")).await.problem(400, "INVALID_PAYLOAD"));
    }
}

#[tokio::test]
async fn a_change_names_the_version_it_is_made_on() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let made = admin.post(AREAS, json!({"name": " Hall 1 "})).await;
    assert_eq!((made.status, made.headers[ETAG].to_str().unwrap()), (201, "\"1\""));
    let made = made.ok();
    assert_eq!((&made["name"], &made["version"]), (&json!("Hall 1"), &json!(1)));
    let address = at(&made, AREAS);

    let without = send(admin.request(Method::PUT, &address).json(&json!({"name": "Hall 2"}))).await;
    drop(without.problem(428, "PRECONDITION_REQUIRED"));
    drop(send(admin.request(Method::DELETE, &address)).await.problem(428, "PRECONDITION_REQUIRED"));
    let any = admin.request(Method::PUT, &address).header(IF_MATCH, "*").json(&json!({"name": "Hall 2"}));
    drop(send(any).await.problem(400, "INVALID_PAYLOAD"));

    let changed = admin.put(&address, &json!(1), json!({"name": "Hall 2"})).await;
    assert_eq!(changed.headers[ETAG], "\"2\"");
    assert_eq!(changed.ok()["name"], "Hall 2");
    let stale = admin.put(&address, &json!(1), json!({"name": "Hall 3"})).await.problem(412, "PRECONDITION_FAILED");
    assert_eq!(stale["version"], 2, "and says which is current");
    drop(admin.delete(&address, &json!(1)).await.problem(412, "PRECONDITION_FAILED"));
    let read = admin.get(&address).await;
    assert_eq!(read.headers[ETAG], "\"2\"");
    assert_eq!(read.ok()["name"], "Hall 2", "a refused change changed nothing");

    assert_eq!(admin.delete(&address, &json!(2)).await.status, 204);
    drop(admin.get(&address).await.problem(404, "NOT_FOUND"));
    drop(admin.put(&address, &json!(2), json!({"name": "Hall 3"})).await.problem(404, "NOT_FOUND"));
    assert_eq!(audited(&server, "area").await, 3, "made, changed and removed, and nothing that was refused");
}

#[tokio::test]
async fn two_administrators_who_change_the_same_do_not_overwrite_each_other() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let made = area(&admin, "Hall").await;
    let address = at(&made, AREAS);
    let version = json!(1);
    let (ann, ben) = tokio::join!(
        admin.put(&address, &version, json!({"name": "Ann's"})),
        admin.put(&address, &version, json!({"name": "Ben's"}))
    );
    let mut statuses = [ann.status, ben.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn supervisors_read_and_administrators_write() {
    let server = TestServer::demo(&[]);
    let (admin, supervisor) = (Caller::admin(&server).await, supervisor(&server).await);
    let made = area(&admin, "Hall").await;
    let address = at(&made, AREAS);
    assert_eq!(supervisor.get(&address).await.ok()["name"], "Hall");
    drop(supervisor.get(AREAS).await.ok());
    drop(supervisor.get("/api/admin/workers").await.ok());
    drop(supervisor.get("/api/admin/kiosks").await.ok());
    drop(supervisor.get("/api/admin/users").await.problem(403, "FORBIDDEN"));
    drop(supervisor.post(AREAS, json!({"name": "Mine"})).await.problem(403, "FORBIDDEN"));
    drop(supervisor.put(&address, &made["version"], json!({"name": "Mine"})).await.problem(403, "FORBIDDEN"));
    drop(supervisor.delete(&address, &made["version"]).await.problem(403, "FORBIDDEN"));
    let kiosk = json!({"kioskName": "Mine"});
    drop(supervisor.post("/api/admin/enrolment-codes", kiosk).await.problem(403, "FORBIDDEN"));
}

#[tokio::test]
async fn a_list_as_csv_has_all_rows_and_no_formulas() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    for name in ["=HYPERLINK(\"http://x\")", "+1", "@sum", "a,b \"c\"", "-"] {
        area(&admin, name).await;
    }
    let file = csv(&admin, &format!("{AREAS}?format=csv&limit=1")).await;
    let mut lines = file.split("\r\n");
    assert_eq!(lines.next(), Some("id,name,calendarId,version"));
    let all = admin.get(AREAS).await.ok()["items"].as_array().expect("a list").len();
    assert_eq!(lines.filter(|line| !line.is_empty()).count(), all, "all of them, whatever the limit");
    for cell in ["\"'=HYPERLINK(\"\"http://x\"\")\"", ",'+1,", ",'@sum,", "\"a,b \"\"c\"\"\"", ",'-,"] {
        assert!(file.contains(cell), "{cell} in {file}");
    }
}

#[tokio::test]
async fn an_area_is_named_once_and_goes_only_when_no_station_stands_in_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let listed = admin.get(AREAS).await.ok();
    let used = listed["items"][0].clone();
    drop(admin.delete(&at(&used, AREAS), &used["version"]).await.problem(409, "IN_USE"));
    drop(admin.post(AREAS, json!({"name": used["name"]})).await.problem(409, "CONFLICT"));
    drop(admin.post(AREAS, json!({"name": " "})).await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.post(AREAS, json!({"name": "A", "size": 3})).await.problem(400, "INVALID_PAYLOAD"));
    let nowhere = json!({"name": "A", "calendarId": station(&server, 0)});
    drop(admin.post(AREAS, nowhere).await.problem(400, "INVALID_PAYLOAD"));
}

#[tokio::test]
async fn a_shift_calendar_is_kept_as_it_was_given_and_areas_hold_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let draft = json!({
        "name": "Around the clock", "timeZone": "Asia/Jerusalem", "week": three_shifts(),
        "exceptions": [{"day": "2026-12-25"}, {"day": "2026-09-11", "shifts": [], "note": "New Year"}],
    });
    let made = admin.post(CALENDARS, draft.clone()).await.ok();
    assert_eq!(made["week"]["monday"][0]["breaks"][0]["startsAt"], "10:00");
    let days: Vec<&Value> = made["exceptions"].as_array().expect("a list").iter().map(|e| &e["day"]).collect();
    assert_eq!(days, ["2026-09-11", "2026-12-25"], "in their order");
    let address = at(&made, CALENDARS);
    assert_eq!(admin.get(&address).await.ok(), made);
    drop(admin.post(CALENDARS, draft.clone()).await.problem(409, "CONFLICT"));

    let hall = admin.post(AREAS, json!({"name": "Hall", "calendarId": made["id"]})).await.ok();
    assert_eq!(hall["calendarId"], made["id"]);
    drop(admin.delete(&address, &json!(1)).await.problem(409, "IN_USE"));
    let free = json!({"name": "Hall", "calendarId": null});
    drop(admin.put(&at(&hall, AREAS), &json!(1), free).await.ok());

    let mut renamed = draft;
    renamed["name"] = "Always".into();
    drop(admin.put(&address, &json!(9), renamed.clone()).await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(admin.put(&address, &json!(1), renamed).await.ok()["version"], 2);
    assert!(csv(&admin, &format!("{CALENDARS}?format=csv")).await.contains(",Always,Asia/Jerusalem,21,2,2\r\n"));
    assert_eq!(admin.delete(&address, &json!(2)).await.status, 204);
    assert_eq!(audited(&server, "shift calendar").await, 3);
}

#[tokio::test]
async fn a_shift_calendar_that_can_not_be_says_what_is_wrong() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let post = async |zone: &str, week: Value| {
        let draft = json!({"name": "Odd", "timeZone": zone, "week": week});
        text(&admin.post(CALENDARS, draft).await.problem(400, "INVALID_PAYLOAD")["detail"])
    };
    let shift = |from: &str, until: &str| json!({"name": "day", "startsAt": from, "endsAt": until});
    assert!(post("Mars/Olympus", json!({})).await.contains("time zone"));
    let two = json!({"monday": [shift("06:00", "14:00"), shift("13:00", "15:00")]});
    assert!(post("Asia/Jerusalem", two).await.contains("overlap"));
    let night = json!({"sunday": [shift("22:00", "06:30")], "monday": [shift("06:00", "14:00")]});
    assert!(post("Asia/Jerusalem", night).await.contains("overlap"));
    assert!(post("Asia/Jerusalem", json!({"monday": [shift("6:00", "14:00")]})).await.contains("HH:MM"));
    assert!(post("Asia/Jerusalem", json!({"someday": []})).await.contains("someday"));
}
