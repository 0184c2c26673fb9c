//! Who is let in, and what those hear who are not.

use super::{Stand, station, text, worker};
use millrace_tests::call::{Caller, send};
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::{ORIGIN, RETRY_AFTER, SET_COOKIE};
use serde_json::json;
use std::net::IpAddr;

/// What the contract leaves open: health, enrolment, login.
const OPEN: [&str; 4] = ["/healthz", "/readyz", "/api/kiosks/enroll", "/api/admin/login"];

#[tokio::test]
async fn nobody_gets_401_on_every_route_of_the_document_but_the_open_ones() {
    let server = TestServer::demo(&[]);
    let document = Caller::admin(&server).await.get("/api/openapi.json").await.ok();
    let paths = document["paths"].as_object().expect("paths");
    assert!(paths.len() > 20, "{} paths", paths.len());
    let nobody = Caller::nobody(&server);
    let stranger = nobody.with_token(&"0".repeat(64));
    for (path, methods) in paths {
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let address = path.replace("{id}", &super::uuid());
            if OPEN.contains(&path.as_str()) {
                continue;
            }
            for caller in [&nobody, &stranger] {
                let answer = send(caller.request(method.clone(), &address).json(&json!({}))).await;
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.body);
                drop(answer.problem(401, "UNAUTHENTICATED"));
            }
        }
    }
}

#[tokio::test]
async fn the_open_routes_are_open() {
    let server = TestServer::demo(&[]);
    let nobody = Caller::nobody(&server);
    assert_eq!(nobody.get("/healthz").await.ok()["status"], "ok");
    assert_eq!(nobody.get("/readyz").await.ok()["status"], "ok");
    assert_eq!(nobody.get("/").await.status, 200, "the page");
    let kiosk = Caller::kiosk(&server, 0);
    assert_eq!(kiosk.get("/api/version").await.ok()["name"], "millrace-server", "for whoever is known");
}

#[tokio::test]
async fn a_kiosk_is_no_supervisor_and_a_supervisor_no_kiosk() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 0));
    for path in ["/api/admin/me", "/api/admin/dashboard/active-sessions/stream"] {
        assert!([401, 403].contains(&kiosk.get(path).await.status), "{path}");
    }
    assert!([401, 403].contains(&admin.get("/api/kiosks/me").await.status));
}

#[tokio::test]
async fn an_unknown_code_and_a_wrong_pin_get_the_same_answer() {
    let server = TestServer::demo(&[]);
    let kiosk = Caller::kiosk(&server, 0);
    let unknown = kiosk.post("/api/workers/login", json!({"workerCode": "no-such", "pin": "1234"})).await;
    let wrong = kiosk.post("/api/workers/login", json!({"workerCode": worker(&server, 0), "pin": "0000"})).await;
    let none = kiosk.post("/api/workers/login", json!({"workerCode": worker(&server, 0)})).await;
    let said = unknown.problem(401, "UNAUTHENTICATED");
    assert_eq!(wrong.problem(401, "UNAUTHENTICATED"), said);
    assert_eq!(none.problem(401, "UNAUTHENTICATED"), said);
}

#[tokio::test]
async fn who_guesses_is_slowed_down_with_429_and_let_in_again_later() {
    let server = TestServer::demo(&[]);
    let kiosk = Caller::kiosk(&server, 0);
    let guess = json!({"workerCode": worker(&server, 0), "pin": "0000"});
    let mut slowed = None;
    for _ in 0..20 {
        let answer = kiosk.post("/api/workers/login", guess.clone()).await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
    }
    let slowed = slowed.expect("20 guesses in a row are not let through");
    let seconds: u64 = slowed.headers[RETRY_AFTER].to_str().unwrap().parse().expect("seconds");
    drop(slowed.problem(429, "RATE_LIMITED"));
    assert!((1..=300).contains(&seconds), "{seconds}");
    // Another kiosk is not made to pay for it.
    drop(Caller::kiosk(&server, 1).signed_in(&server, 0).await);
    server.advance(seconds * 1_000 + 1_000);
    drop(kiosk.signed_in(&server, 0).await);
}

#[tokio::test]
async fn guesses_made_at_once_are_no_more_than_guesses_in_a_row() {
    let server = TestServer::demo(&[]);
    let kiosk = Caller::kiosk(&server, 0);
    let guesses = (0..40).map(|n| {
        let guess = json!({"workerCode": worker(&server, 0), "pin": format!("{n:04}")});
        let kiosk = kiosk.clone();
        tokio::spawn(async move { kiosk.post("/api/workers/login", guess).await.status })
    });
    let mut judged = 0;
    for guess in guesses.collect::<Vec<_>>() {
        judged += u32::from(guess.await.expect("answered") != 429);
    }
    assert!(judged <= 6, "{judged} PINs were looked at");
}

#[tokio::test]
async fn a_stranger_keeps_nobody_from_logging_in_or_enrolling() {
    let server = TestServer::demo(&[]);
    // Of the same loopback network, so another peer; and no header makes it yet another.
    let elsewhere = reqwest::Client::builder().no_proxy().local_address(IpAddr::from([127, 0, 0, 2]));
    let stranger = elsewhere.build().expect("a client");
    let name = text(&server.ready["admin"]["username"]);
    for (path, guess) in [
        ("/api/admin/login", json!({"username": name, "password": "wrong"})),
        ("/api/kiosks/enroll", json!({"code": "AAAA-AAAA"})),
    ] {
        let mut last = 0;
        for n in 0..8 {
            let request =
                stranger.post(format!("{}{path}", server.url)).header("X-Forwarded-For", format!("10.0.0.{n}"));
            last = request.json(&guess).send().await.expect("answers").status().as_u16();
        }
        assert_eq!(last, 429, "{path}");
    }
    let admin = Caller::admin(&server).await;
    let code = admin.post("/api/admin/enrolment-codes", json!({"kioskName": "Lathe 3"})).await.ok();
    drop(Caller::nobody(&server).post("/api/kiosks/enroll", json!({"code": code["code"]})).await.ok());
}

#[tokio::test]
async fn the_admins_password_is_asked_for() {
    let server = TestServer::demo(&[]);
    let nobody = Caller::nobody(&server);
    let name = text(&server.ready["admin"]["username"]);
    let wrong = nobody.post("/api/admin/login", json!({"username": name, "password": "wrong"})).await;
    let unknown = nobody.post("/api/admin/login", json!({"username": "nobody", "password": "wrong"})).await;
    assert_eq!(wrong.problem(401, "UNAUTHENTICATED"), unknown.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_cookie_reads_but_changes_only_from_our_own_pages() {
    let server = TestServer::demo(&[]);
    let nobody = Caller::nobody(&server);
    let mut login = server.ready["admin"].clone();
    login["cookie"] = true.into();
    let foreign = nobody.request(Method::POST, "/api/admin/login").header(ORIGIN, "http://elsewhere.example");
    drop(send(foreign.json(&login)).await.problem(403, "FORBIDDEN"));
    let answer = nobody.post("/api/admin/login", login).await;
    let set = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    assert!(answer.ok().get("token").is_none(), "a token in the body could be stolen by a script");
    let cookie = set.split(';').next().unwrap().to_owned();

    let me = send(nobody.request(Method::GET, "/api/admin/me").header("cookie", &cookie)).await.ok();
    assert_eq!(me["user"]["username"], server.ready["admin"]["username"]);
    let body = json!({"kioskName": "Kiosk by cookie"});
    let with = |origin: Option<&str>| {
        let mut request =
            nobody.request(Method::POST, "/api/admin/enrolment-codes").header("cookie", &cookie).json(&body);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        send(request)
    };
    drop(with(None).await.problem(403, "FORBIDDEN"));
    drop(with(Some("http://elsewhere.example")).await.problem(403, "FORBIDDEN"));
    assert!(with(Some(&server.url)).await.ok()["code"].is_string());
}

#[tokio::test]
async fn an_enrolment_code_makes_one_kiosk_once() {
    let server = TestServer::demo(&[]);
    let (admin, nobody) = (Caller::admin(&server).await, Caller::nobody(&server));
    let request = json!({"kioskName": "New", "stationId": station(&server, 0)});
    let code = text(&admin.post("/api/admin/enrolment-codes", request).await.ok()["code"]);
    let made = nobody.post("/api/kiosks/enroll", json!({"code": code})).await.ok();
    let me = nobody.with_token(&text(&made["token"])).get("/api/kiosks/me").await.ok();
    assert_eq!((&me["kioskId"], &me["lastSeq"]), (&made["kioskId"], &json!(0)));
    assert!(!nobody.post("/api/kiosks/enroll", json!({"code": code})).await.status.to_string().starts_with('2'));
}

#[tokio::test]
async fn a_revoked_kiosk_is_nobody_and_its_stream_ends() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let id = text(&kiosk.get("/api/kiosks/me").await.ok()["kioskId"]);
    let mut events = Events::open(&kiosk, "/api/kiosk/stream").await;
    drop(events.wait_for("initial").await);
    let path = format!("/api/admin/kiosks/{id}");
    drop(send(kiosk.request(Method::DELETE, &path)).await.problem(401, "UNAUTHENTICATED"));
    assert_eq!(send(admin.request(Method::DELETE, &path)).await.status, 204);
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked");
    drop(kiosk.get("/api/kiosks/me").await.problem(401, "UNAUTHENTICATED"));
    drop(send(admin.request(Method::DELETE, &path)).await.problem(404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_logout_ends_the_right_at_once() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    drop(admin.get("/api/admin/me").await.ok());
    assert!(admin.post("/api/admin/logout", json!({})).await.status < 300);
    drop(admin.get("/api/admin/me").await.problem(401, "UNAUTHENTICATED"));

    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    drop(worker.get("/api/stations").await.ok());
    assert!(worker.post("/api/workers/logout", json!({})).await.status < 300);
    drop(worker.get("/api/stations").await.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_sign_in_lasts_ten_minutes_untouched_and_is_another_kiosks_business() {
    let server = TestServer::demo(&[]);
    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let elsewhere = Caller::kiosk(&server, 2).with_worker(&super::worker(&server, 1));
    drop(elsewhere.get("/api/stations").await.problem(401, "UNAUTHENTICATED"));
    server.advance(9 * 60_000);
    drop(worker.get("/api/stations").await.ok());
    server.advance(9 * 60_000);
    drop(worker.get("/api/stations").await.ok());
    server.advance(11 * 60_000);
    drop(worker.get("/api/stations").await.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn what_can_not_be_read_and_what_is_not_there_are_problems_too() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let kiosk = &stand.caller;
    let send_text = |body: &'static str| {
        send(kiosk.request(Method::POST, "/api/sessions").header("content-type", "application/json").body(body))
    };
    drop(send_text("{").await.problem(400, "INVALID_PAYLOAD"));
    drop(send_text("{\"stationId\": 5}").await.problem(400, "INVALID_PAYLOAD"));
    drop(kiosk.get("/api/no-such-route").await.problem(404, "NOT_FOUND"));
    drop(send(kiosk.request(Method::DELETE, "/api/sessions")).await.problem(405, "METHOD_NOT_ALLOWED"));
    drop(kiosk.get("/api/statuses?stationId=none").await.problem(400, "INVALID_PAYLOAD"));
}
