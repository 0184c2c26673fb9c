//! Pictures: judged by what they hold, kept once, seen by those who may.

use super::{Stand, count, report, text, uuid};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use millrace_tests::call::{Answer, Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use serde_json::json;
use std::io::Cursor;

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([200, 30, 30])));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("writes");
    bytes.into_inner()
}

async fn put(kiosk: &Caller, id: &str, content: Vec<u8>) -> Answer {
    let request = kiosk.request(Method::PUT, &format!("/api/images/{id}"));
    send(request.header(CONTENT_TYPE, "image/jpeg").body(content)).await
}

#[tokio::test]
async fn a_picture_follows_its_report_and_is_seen_by_those_who_may() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let (id, kiosk) = (uuid(), Caller::kiosk(&server, 1));
    let sent = picture(2_000, 1_000, ImageFormat::Png);
    let early = put(&kiosk, &id, sent.clone()).await.problem(404, "NOT_FOUND");
    assert!(early["detail"].as_str().unwrap().contains("Send its report first"), "{early}");

    let made = report(&server, &mut stand, "malfunction", std::slice::from_ref(&id)).await;
    assert_eq!((&made["images"][0]["id"], &made["images"][0]["arrived"]), (&id.clone().into(), &false.into()));
    drop(put(&Caller::kiosk(&server, 2), &id, sent.clone()).await.problem(404, "NOT_FOUND"));
    let kept = put(&kiosk, &id, sent).await;
    assert_eq!(kept.status, 201, "{}", kept.body);
    assert_eq!(kept.ok()["reportId"], made["id"]);
    let path = format!("/api/admin/reports/{}", text(&made["id"]));
    let read = admin.get(&path).await.ok();
    assert_eq!((&read["images"][0]["arrived"], &read["version"]), (&true.into(), &1.into()), "nobody changed it");
    let told =
        "changes WHERE json_extract(row, '$.table') = 'reports' AND json_extract(row, '$.new.images[0].arrived')";
    assert_eq!(count(&server, told).await, 1);

    let address = format!("/api/images/{id}");
    for viewer in [&admin, &stand.caller] {
        let seen = viewer.request(Method::GET, &address).send().await.expect("answers");
        assert_eq!(seen.status(), 200);
        let head = seen.headers().clone();
        assert_eq!(
            (&head[CONTENT_TYPE], &head[CONTENT_DISPOSITION]),
            (&"image/jpeg".parse().unwrap(), &"inline".parse().unwrap())
        );
        assert_eq!(head[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(head[CACHE_CONTROL].to_str().unwrap().contains("private"));
        let bytes = seen.bytes().await.expect("a body");
        assert!(bytes.len() <= 400_000 && image::guess_format(&bytes).ok() == Some(ImageFormat::Jpeg));
        let shown = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!((shown.width(), shown.height()), (1_600, 800));
        let again = send(viewer.request(Method::GET, &address).header(IF_NONE_MATCH, &head[ETAG])).await;
        assert_eq!(again.status, 304);
    }
    let elsewhere = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    drop(elsewhere.get(&address).await.problem(404, "NOT_FOUND"));
    drop(kiosk.get(&address).await.problem(401, "UNAUTHENTICATED"));
    let another = kiosk.signed_in(&server, 2).await;
    drop(another.get(&address).await.problem(404, "NOT_FOUND"));
    drop(stand.caller.get(&address).await.problem(401, "UNAUTHENTICATED"));
    drop(Caller::nobody(&server).get(&address).await.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_picture_sent_twice_is_kept_once_and_never_changed() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let id = uuid();
    drop(report(&server, &mut stand, "general", std::slice::from_ref(&id)).await);
    let sent = picture(40, 30, ImageFormat::WebP);
    let (one, other) = tokio::join!(put(&stand.caller, &id, sent.clone()), put(&stand.caller, &id, sent.clone()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(put(&stand.caller, &id, sent).await.ok()["repeat"], true);
    drop(put(&stand.caller, &id, picture(41, 30, ImageFormat::WebP)).await.problem(409, "CONFLICT"));
    assert_eq!(count(&server, "images").await, 1);
    let told = "changes WHERE json_extract(row, '$.table') = 'reports'";
    assert_eq!(count(&server, told).await, 2, "made, and its picture arrived");
}

#[tokio::test]
async fn a_picture_is_one_reports_and_nobody_elses() {
    let server = TestServer::demo(&[]);
    let (mut owner, mut other) = (Stand::open(&server, 1).await, Stand::open(&server, 2).await);
    let id = uuid();
    let made = report(&server, &mut owner, "general", std::slice::from_ref(&id)).await;
    let path = format!("/api/reasons?stationId={}&type=malfunction", other.station);
    let reason = text(&other.caller.get(&path).await.ok()["reasons"][0]["id"]);
    let draft = json!({"type": "malfunction", "reasonId": reason, "imageIds": [id]});
    let alone = json!({"sessionId": other.session, "report": draft, "action": other.stamp()});
    let said = other.caller.post("/api/reports", alone).await.problem(409, "CONFLICT");
    assert!(said["detail"].as_str().unwrap().contains("an id of its own"), "{said}");
    let mut change = other.change("malfunction");
    change["report"] = draft;
    drop(other.caller.post("/api/status-events", change).await.problem(409, "CONFLICT"));
    let sent = picture(40, 30, ImageFormat::WebP);
    drop(put(&other.caller, &id, sent.clone()).await.problem(404, "NOT_FOUND"));
    assert_eq!(put(&owner.caller, &id, sent).await.ok()["reportId"], made["id"]);
}

#[tokio::test]
async fn what_is_no_picture_or_too_much_of_one_is_refused() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let id = uuid();
    drop(report(&server, &mut stand, "general", std::slice::from_ref(&id)).await);
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let said = put(&stand.caller, &id, page).await.problem(400, "INVALID_PAYLOAD");
    assert!(said["detail"].as_str().unwrap().contains("no picture"), "{said}");
    drop(put(&stand.caller, &id, vec![]).await.problem(400, "INVALID_PAYLOAD"));
    let whole = picture(300, 300, ImageFormat::Png);
    drop(put(&stand.caller, &id, whole[..whole.len() / 2].to_vec()).await.problem(400, "INVALID_PAYLOAD"));
    let said = put(&stand.caller, &id, bomb()).await.problem(400, "INVALID_PAYLOAD");
    assert!(said["detail"].as_str().unwrap().contains("too many pixels"), "{said}");
    let mut heavy = picture(4, 4, ImageFormat::Jpeg);
    heavy.resize(6 << 20, 0);
    let said = put(&stand.caller, &id, heavy).await.problem(400, "INVALID_PAYLOAD");
    assert!(said["detail"].as_str().unwrap().contains("5 MB"), "{said}");
    assert_eq!(count(&server, "images").await, 0);
    assert_eq!(
        put(&stand.caller, &id, picture(4, 4, ImageFormat::Jpeg)).await.status,
        201,
        "a real one is still taken"
    );
}

/// A few hundred bytes that say they are 60,000 pixels a side.
fn bomb() -> Vec<u8> {
    let mut png = picture(4, 4, ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    // CRC-32 over the chunk's name and content: ISO 15948, annex D.
    let crc = !png[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    });
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}
