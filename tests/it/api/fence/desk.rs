//! What is the desk's alone: no kiosk does any of it, whoever stands there, and in whatever form its token comes.

use super::changed;
use crate::api::{Stand, uuid, worker};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use millrace_tests::sql::Look;
use reqwest::header::{COOKIE, IF_MATCH, ORIGIN};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

/// Asks for a password and for no right: whoever has none calls it.
const OPEN: &str = "/api/admin/login";

/// Every route of the document that is for users, and the service's own.
async fn routes(server: &TestServer) -> Vec<(Method, String)> {
    let document = Caller::nobody(server).get("/api/openapi.json").await.ok();
    let paths = document["paths"].as_object().expect("paths");
    let of_the_desk = |path: &str| path.starts_with("/api/admin/") || path.starts_with("/api/cron/");
    let all = paths.iter().filter(|(path, _)| of_the_desk(path) && *path != OPEN).flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").keys();
        methods.map(move |method| (method.to_uppercase().parse().expect("a method"), path.clone()))
    });
    all.collect()
}

/// All that is stored, a line for each row.
async fn everything(look: &mut Look) -> Vec<String> {
    let mut rows = vec![];
    for table in look.tables().await {
        let lines = look.rows(&table, "true", &[]).await;
        rows.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
    }
    rows
}

#[tokio::test]
async fn no_route_of_the_desk_opens_to_a_kiosk() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let (kiosk, nobody) = (Caller::kiosk(&server, 1), Caller::nobody(&server));
    let token = kiosk.token().expect("a kiosk has one").to_owned();
    let from_a_page = |jar: &str, method: &Method, path: &str| {
        let request = nobody.with_worker(&worker(&server, 1)).request(method.clone(), path);
        request.header(COOKIE, format!("{jar}={token}")).header(ORIGIN, &server.url)
    };
    let routes = routes(&server).await;
    assert!(routes.len() > 60, "{} routes", routes.len());
    let mut look = Look::at(&server.data_dir().join("millrace.db")).await;
    let before = everything(&mut look).await;
    for (method, path) in routes {
        // What is there, so that it is not for want of it that nothing happens.
        for id in [stand.session.clone(), stand.station.clone(), uuid()] {
            let address = path.replace("{id}", &id);
            assert!(!address.contains('{'), "nobody knows what to put into {address}");
            let forms: [RequestBuilder; 4] = [
                kiosk.request(method.clone(), &address),
                stand.caller.request(method.clone(), &address),
                from_a_page("millrace_kiosk", &method, &address),
                from_a_page("millrace_user", &method, &address),
            ];
            for (form, request) in forms.into_iter().enumerate() {
                let answer = send(request.header(IF_MATCH, "\"1\"").json(&json!({}))).await;
                assert!([401, 403].contains(&answer.status), "{method} {path}, form {form}: {}", answer.body);
            }
        }
        assert_eq!(changed(&before, &everything(&mut look).await), "", "{method} {path}");
    }
}
