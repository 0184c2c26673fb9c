//! Messages to a kiosk: shown, confirmed, and nobody else's.

use super::{count, ids, text};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use serde_json::{Value, json};

async fn id_of(kiosk: &Caller) -> String {
    text(&kiosk.get("/api/kiosks/me").await.ok()["kioskId"])
}

async fn waiting(kiosk: &Caller) -> Value {
    kiosk.get("/api/messages").await.ok()["messages"].clone()
}

#[tokio::test]
async fn a_message_says_when_it_was_shown_and_confirmed() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk, other) = (Caller::admin(&server).await, Caller::kiosk(&server, 1), Caller::kiosk(&server, 2));
    let path = format!("/api/admin/kiosks/{}/messages", id_of(&kiosk).await);
    let sent = admin.post(&path, json!({"text": " Fire drill at ten "})).await;
    assert_eq!(sent.status, 201);
    let sent = sent.ok();
    assert_eq!((&sent["text"], &sent["sentBy"]), (&json!("Fire drill at ten"), &server.ready["admin"]["username"]));
    assert_eq!((waiting(&kiosk).await, waiting(&other).await), (json!([sent]), json!([])));

    let said = |verb: &str| format!("/api/messages/{}/{verb}", text(&sent["id"]));
    drop(other.post(&said("shown"), json!({})).await.problem(404, "NOT_FOUND"));
    server.advance(2_000);
    let shown = kiosk.post(&said("shown"), json!({})).await.ok();
    server.advance(2_000);
    assert_eq!(kiosk.post(&said("shown"), json!({})).await.ok(), shown, "the first moment is kept");
    assert_eq!(waiting(&kiosk).await, json!([shown]), "shown is not confirmed");
    let confirmed = kiosk.post(&said("confirmed"), json!({})).await.ok();
    assert_eq!(confirmed["shownAt"], shown["shownAt"]);
    assert!(confirmed["confirmedAt"].as_str() > shown["shownAt"].as_str());
    server.advance(2_000);
    assert_eq!(kiosk.post(&said("confirmed"), json!({})).await.ok(), confirmed);
    assert_eq!(waiting(&kiosk).await, json!([]));
    let list = format!("/api/admin/messages?kioskId={}", id_of(&kiosk).await);
    assert_eq!(admin.get(&list).await.ok()["items"], json!([confirmed]));
    assert_eq!(count(&server, "changes WHERE json_extract(row, '$.table') = 'messages'").await, 3);
    assert_eq!(count(&server, "audit_log WHERE verb = 'send'").await, 1);
}

#[tokio::test]
async fn messages_come_in_pages_of_one_kiosk_or_of_all() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut sent = vec![];
    for number in [1, 2, 1] {
        let path = format!("/api/admin/kiosks/{}/messages", id_of(&Caller::kiosk(&server, number)).await);
        server.advance(1_000);
        sent.push(admin.post(&path, json!({"text": "Hello"})).await.ok()["id"].clone());
    }
    sent.reverse();
    assert_eq!(ids(&admin, "/api/admin/messages").await, sent, "the newest first");
    let mut paged = vec![];
    let mut path = "/api/admin/messages?limit=2".to_owned();
    loop {
        let page = admin.get(&path).await.ok();
        paged.extend(page["items"].as_array().unwrap().iter().map(|message| message["id"].clone()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("/api/admin/messages?limit=2&cursor={cursor}");
    }
    assert_eq!(paged, sent);
    let of = id_of(&Caller::kiosk(&server, 2)).await;
    assert_eq!(ids(&admin, &format!("/api/admin/messages?kioskId={of}")).await, [sent[1].clone()]);
}

#[tokio::test]
async fn a_message_needs_a_text_and_a_kiosk() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let id = id_of(&kiosk).await;
    let path = format!("/api/admin/kiosks/{id}/messages");
    for wrong in ["", "  ", "a\u{7}b", &"x".repeat(501)] {
        drop(admin.post(&path, json!({"text": wrong})).await.problem(400, "INVALID_PAYLOAD"));
    }
    let nobody = format!("/api/admin/kiosks/{}/messages", super::uuid());
    drop(admin.post(&nobody, json!({"text": "x"})).await.problem(404, "NOT_FOUND"));
    drop(kiosk.post(&path, json!({"text": "x"})).await.problem(401, "UNAUTHENTICATED"));
    assert_eq!(send(admin.request(Method::DELETE, &format!("/api/admin/kiosks/{id}"))).await.status, 204);
    drop(admin.post(&path, json!({"text": "x"})).await.problem(404, "NOT_FOUND"));
}
