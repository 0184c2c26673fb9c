//! The fence, from outside: whatever a kiosk calls that does not own a session (any more), the rows that say what is so
//! now stay equal byte for byte.
//!
//! The table has every route that changes something and that a kiosk may call; one of the OpenAPI document that is not
//! in it fails. Every route is called by every foe, with a body that the owner could have sent, and with the ids of what
//! is live now.

mod desk;
mod ending;
mod scene;
mod table;

use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use scene::{Foe, Scene};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use table::{Content, Route};

/// Routes that no claim stands before, and why that is right.
const WITHOUT_A_CLAIM: [(&str, &str); 4] = [
    ("POST /api/workers/login", "who stands at a kiosk is no session's row; a login gives no claim"),
    ("POST /api/workers/logout", "the same"),
    ("POST /api/kiosks/enroll", "asks for a code, and knows no session"),
    ("POST /api/cron/close-idle-sessions", "a supervisor's; closes by the last contact, which is not the caller's"),
];

async fn documented(server: &TestServer) -> BTreeSet<String> {
    let document = Caller::nobody(server).get("/api/openapi.json").await.ok();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().filter(|(path, _)| !path.starts_with("/api/admin/")).flat_map(|(path, item)| {
        let verbs = item.as_object().unwrap().keys().filter(|verb| *verb != "get");
        verbs.map(move |verb| format!("{} {path}", verb.to_uppercase()))
    });
    all.collect()
}

#[tokio::test]
async fn every_route_that_changes_something_is_in_the_table() {
    let server = TestServer::demo(&[]);
    let known = table::ROUTES.iter().map(|route| route.name.to_owned());
    let known: BTreeSet<String> = known.chain(WITHOUT_A_CLAIM.iter().map(|(name, _)| (*name).to_owned())).collect();
    assert_eq!(documented(&server).await, known, "the document and the table of the fence differ");
}

#[tokio::test]
async fn whoever_does_not_own_a_session_changes_nothing_that_is_live() {
    let mut scene = Scene::set().await;
    let mut open = Vec::new();
    for route in table::ROUTES {
        for foe in 0..scene.foes.len() {
            if let Some(hole) = tried(&mut scene, route, foe).await {
                open.push(hole);
            }
        }
    }
    assert!(open.is_empty(), "live rows changed:\n{}", open.join("\n"));
    // That the rows are looked at: what the owner does with the same body is seen in them.
    let before = scene.live().await.all;
    let owner = scene.owner();
    let route = table::ROUTES.iter().find(|route| route.name == "POST /api/status-events").unwrap();
    let (_, Content::Json(body)) = table::requests(&scene, route, &owner).remove(0) else { panic!("no JSON") };
    let done = scene.callers[owner.kiosk].post("/api/status-events", body).await.ok();
    assert_eq!(done["outcome"], "applied");
    assert_ne!(scene.live().await.all, before);
}

#[tokio::test]
async fn a_setup_that_its_former_owner_takes_back_brings_no_approval_back() {
    let mut scene = Scene::set().await;
    let (undoes, at) = scene.targets.setup.clone();
    let foe = Foe { occurred_at: at, ..scene.foes[0].clone() };
    scene.next_number(foe.kiosk);
    let before = scene.live().await.but_sums;
    let body = json!({"undoes": undoes, "action": scene.stamp(&foe)});
    assert_eq!(scene.callers[foe.kiosk].post("/api/actions/undo", body).await.ok()["outcome"], "late");
    assert_eq!(scene.live().await.but_sums, before);
}

/// Calls a route as a foe; says what changed that should not have.
async fn tried(scene: &mut Scene, route: &Route, number: usize) -> Option<String> {
    let foe = scene.foes[number].clone();
    if route.of_the_device && foe.kiosk == scene::OWNER {
        // A picture or a message is the device's: whoever has its token may.
        return None;
    }
    if route.name == "POST /api/sessions/handover" && foe.worker.is_some() {
        // The next worker, at the kiosk that holds the claim: that is what a handover is.
        return None;
    }
    scene.beat().await;
    let mut holes = Vec::new();
    let mut before = scene.live().await;
    for at in 0..table::requests(scene, route, &foe).len() {
        scene.next_number(foe.kiosk);
        let (path, content) = table::requests(scene, route, &foe).swap_remove(at);
        let answer = call(scene, route, &foe, &path, &content).await;
        let what = format!("{} {path}, {}: {content:?} was answered {answer}", route.name, foe.name);
        // A body that can't be read proves nothing.
        assert!(answer["code"] != "INVALID_PAYLOAD", "{what}");
        assert!(answer["outcome"] != "applied" && answer["status"] != 500, "{what}");
        let after = scene.live().await;
        let (was, is) = match answer["outcome"].as_str() {
            Some("late") => (&before.but_sums, &after.but_sums),
            _ => (&before.all, &after.all),
        };
        if was != is {
            holes.push(format!("{what}{}", changed(was, is)));
        }
        before = after;
    }
    (!holes.is_empty()).then(|| holes.join("\n"))
}

/// Which rows are no longer what they were; nothing where all are.
fn changed(was: &[String], is: &[String]) -> String {
    let gone = was.iter().filter(|line| !is.contains(line)).map(|line| format!("\n  was: {line}"));
    let come = is.iter().filter(|line| !was.contains(line)).map(|line| format!("\n  now: {line}"));
    gone.chain(come).collect()
}

async fn call(scene: &Scene, route: &Route, foe: &Foe, path: &str, content: &Content) -> Value {
    let mut caller = scene.callers[foe.kiosk].clone();
    if let Some(worker) = foe.worker.as_ref().or(route.needs_worker.then_some(&scene.stands_at[foe.kiosk])) {
        caller = caller.with_worker(worker);
    }
    let method = route.name.split(' ').next().and_then(|verb| Method::from_bytes(verb.as_bytes()).ok()).unwrap();
    let request = caller.request(method, path);
    let request = match content {
        Content::Nothing => request,
        Content::Json(body) => request.json(body),
        Content::Picture(bytes) => request.header("content-type", "image/png").body(bytes.clone()),
    };
    send(request).await.body
}
