//! Who ends a session by taking it over: its worker, where he is signed in, and nobody else.

use super::changed;
use super::scene::{self, ENDED, FIRST, OWNER, SILENT, STRANGER};
use crate::api::{Stand, text, uuid, worker};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::Look;
use serde_json::json;

/// All that a takeover could change.
async fn rows(look: &mut Look) -> Vec<String> {
    let mut rows = vec![];
    for table in ["sessions", "claims", "leases", "status_events", "amendments"] {
        rows.extend(look.rows(table, "true", &[]).await);
    }
    // Whoever signs in takes the right to look from whoever did before him: no session's business.
    rows.extend(look.rows("changes", "row NOT LIKE '%\"table\":\"rights\"%'", &[]).await);
    rows
}

#[tokio::test]
async fn nobody_else_discards_a_session_or_says_when_it_ended() {
    let server = TestServer::demo(&[]);
    let (silent, inside) = scene::silent(&server).await;
    let (ended, _) = scene::ended(&server).await;
    let open = Stand::open(&server, FIRST).await;
    let now = text(&open.caller.post("/api/sessions/heartbeat", open.heart()).await.ok()["serverTime"]);
    // Somebody else stands at each of their kiosks by now, and signed in.
    for (kiosk, next) in [(SILENT, 6), (ENDED, 7), (FIRST, 8)] {
        drop(Caller::kiosk(&server, kiosk).signed_in(&server, next).await);
    }
    let elsewhere = Caller::kiosk(&server, STRANGER).signed_in(&server, STRANGER).await;
    let mut look = Look::at(&server.data_dir().join("millrace.db")).await;
    let before = rows(&mut look).await;
    for (stand, kiosk, next) in [(&silent, SILENT, 6), (&ended, ENDED, 7), (&open, FIRST, 8)] {
        let there = Caller::kiosk(&server, kiosk);
        let his = worker(&server, kiosk);
        let foes = [
            (403, "FORBIDDEN", "another worker, elsewhere", elsewhere.clone()),
            (403, "FORBIDDEN", "the next worker at its kiosk", there.with_worker(&worker(&server, next))),
            (401, "UNAUTHENTICATED", "its worker's code, at its kiosk, not signed in", there.with_worker(&his)),
            (401, "UNAUTHENTICATED", "its worker's code, elsewhere", Caller::kiosk(&server, OWNER).with_worker(&his)),
        ];
        for (status, code, name, foe) in foes {
            for then in ["complete", "abandon"] {
                for (instance, at) in [(stand.instance.clone(), &inside), (uuid(), &now)] {
                    let body = json!({"sessionId": stand.session, "instanceId": instance, "then": then, "endedAt": at});
                    let answer = foe.post("/api/sessions/takeover", body).await;
                    assert_eq!((answer.status, &answer.body["code"]), (status, &json!(code)), "{name}, {then}");
                    assert_eq!(changed(&before, &rows(&mut look).await), "", "{name}, {then}");
                }
            }
        }
    }
    // Its own worker neither: an open session is ended by its owner, and what has ended for good stays as it is.
    let take = |stand: &Stand, then: &str| json!({"sessionId": stand.session, "instanceId": uuid(), "then": then, "endedAt": now});
    let path = "/api/sessions/takeover";
    let his = Caller::kiosk(&server, FIRST).signed_in(&server, FIRST).await;
    drop(his.post(path, take(&open, "complete")).await.problem(409, "INVALID_STATUS_TRANSITION"));
    let his = Caller::kiosk(&server, ENDED).signed_in(&server, ENDED).await;
    drop(his.post(path, take(&ended, "complete")).await.problem(409, "INVALID_STATUS_TRANSITION"));
    drop(his.post(path, take(&ended, "abandon")).await.problem(410, "SESSION_NOT_ACTIVE"));
    assert_eq!(changed(&before, &rows(&mut look).await), "");
    // That the rows are looked at.
    let his = Caller::kiosk(&server, SILENT).signed_in(&server, SILENT).await;
    drop(his.post(path, take(&silent, "complete")).await.ok());
    assert_ne!(rows(&mut look).await, before);
}
