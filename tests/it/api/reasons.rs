//! Reasons as they are managed.

use super::{Stand, audited, csv, station, supervisor, text};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

const REASONS: &str = "/api/admin/reasons";

fn draft(english: &str) -> Value {
    json!({"type": "stop", "labels": {"en": english}, "position": 0})
}

fn path(reason: &Value) -> String {
    format!("{REASONS}/{}", text(&reason["id"]))
}

/// The labels a kiosk at this station can choose from, in their order.
async fn offered(stand: &Stand, kind: &str) -> Vec<String> {
    let list = stand.caller.get(&format!("/api/reasons?stationId={}&type={kind}", stand.station)).await.ok();
    list["reasons"].as_array().unwrap().iter().map(|reason| text(&reason["labels"]["en"])).collect()
}

#[tokio::test]
async fn a_reason_is_offered_where_and_for_what_it_was_made() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (here, there) = (Stand::open(&server, 1).await, Stand::open(&server, 2).await);
    let made = admin.post(REASONS, draft(" Forklift broken ")).await;
    assert_eq!(made.status, 201);
    let made = made.ok();
    assert_eq!((&made["labels"]["en"], &made["version"]), (&json!("Forklift broken"), &json!(1)));
    let own = json!({"type": "scrap", "stationId": station(&server, 1), "labels": {"en": "Scratched"}});
    drop(admin.post(REASONS, own).await.ok());
    for stand in [&here, &there] {
        assert!(offered(stand, "stop").await.contains(&"Forklift broken".to_owned()));
        assert!(!offered(stand, "general").await.contains(&"Forklift broken".to_owned()));
    }
    assert!(offered(&here, "scrap").await.contains(&"Scratched".to_owned()));
    assert!(!offered(&there, "scrap").await.contains(&"Scratched".to_owned()));

    let changed = json!({"type": "stop", "labels": {"en": "No forklift"}, "position": 99});
    drop(admin.put(&path(&made), &json!(1), changed.clone()).await.ok());
    let all = offered(&there, "stop").await;
    let place = |label: &str| all.iter().position(|offered| offered == label).expect(label);
    assert!(place("No material") < place("No forklift"), "it went to the end of what all stations have: {all:?}");
    drop(admin.put(&path(&made), &json!(1), changed).await.problem(412, "PRECONDITION_FAILED"));
    let other = json!({"type": "general", "labels": {"en": "No forklift"}});
    drop(admin.put(&path(&made), &json!(2), other).await.problem(409, "CONFLICT"));
    assert_eq!(audited(&server, "reason").await, 3);
}

#[tokio::test]
async fn what_was_never_used_goes_and_what_history_knows_is_retired() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let unused = admin.post(REASONS, draft("Unused")).await.ok();
    assert_eq!(admin.delete(&path(&unused), &json!(1)).await.ok()["outcome"], "removed");
    drop(admin.get(&path(&unused)).await.problem(404, "NOT_FOUND"));

    let used = admin.post(REASONS, draft("Used")).await.ok();
    let mut stand = Stand::open(&server, 1).await;
    let mut waiting = stand.change("waiting");
    waiting["reasonId"] = used["id"].clone();
    drop(stand.caller.post("/api/status-events", waiting).await.ok());
    assert_eq!(admin.delete(&path(&used), &json!(1)).await.ok()["outcome"], "retired");
    assert!(!offered(&stand, "stop").await.contains(&"Used".to_owned()));
    let kept = admin.get(&path(&used)).await.ok();
    assert_eq!((&kept["active"], &kept["labels"]["en"]), (&json!(false), &json!("Used")), "history can be read");
    drop(stand.enter("setup").await.ok());
    let mut waiting = stand.change("waiting");
    waiting["reasonId"] = used["id"].clone();
    drop(stand.caller.post("/api/status-events", waiting).await.problem(422, "REASON_REQUIRED"));
}

#[tokio::test]
async fn a_draft_that_cant_be_meant_is_refused() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    for (member, wrong) in [
        ("type", json!("mood")),
        ("labels", json!({})),
        ("labels", json!({"en": "x".repeat(81)})),
        ("stationId", json!(super::uuid())),
        ("position", json!(-1)),
        ("id", json!(super::uuid())),
    ] {
        let mut draft = draft("Forklift broken");
        draft[member] = wrong;
        drop(admin.post(REASONS, draft).await.problem(400, "INVALID_PAYLOAD"));
    }
    let supervisor = supervisor(&server).await;
    drop(supervisor.post(REASONS, draft("Forklift broken")).await.problem(403, "FORBIDDEN"));
}

#[tokio::test]
async fn the_list_comes_by_type_in_pages_and_as_a_file() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    drop(admin.post(REASONS, json!({"type": "scrap", "labels": {"en": "=HYPERLINK(1)"}})).await.ok());
    let all = admin.get(&format!("{REASONS}?limit=500")).await.ok();
    let all = all["items"].as_array().unwrap();
    let kinds: Vec<String> = all.iter().map(|reason| text(&reason["type"])).collect();
    assert!(kinds.is_sorted() && kinds.len() > 10, "{kinds:?}");
    let (mut seen, mut cursor) = (vec![], Some(String::new()));
    while let Some(after) = cursor {
        let page = admin.get(&format!("{REASONS}?limit=7{after}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().clone());
        cursor = page["nextCursor"].as_str().map(|next| format!("&cursor={next}"));
    }
    assert_eq!(&seen, all);
    let scrap = admin.get(&format!("{REASONS}?type=scrap")).await.ok();
    assert!(scrap["items"].as_array().unwrap().iter().all(|reason| reason["type"] == "scrap"));
    let file = csv(&admin, &format!("{REASONS}?format=csv&type=scrap")).await;
    assert!(file.contains(",scrap,,'=HYPERLINK(1),"), "{file}");
}
