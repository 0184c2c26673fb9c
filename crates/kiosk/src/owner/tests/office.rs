//! What the office sends: shown, confirmed, and told back.

use super::*;
use server::stream;

const MESSAGE: &str = "00000000-0000-7000-8000-0000000000b1";

fn message(version: u32) -> Value {
    json!({"id": MESSAGE, "kioskId": Uuid::from_u128(9), "text": "Fire drill at ten", "version": version,
        "sentAt": "2030-01-01T00:00:00.000Z", "sentBy": "Sam", "shownAt": null, "confirmedAt": null})
}

fn initial(messages: &[Value]) -> Value {
    json!({"offset": 1, "position": "e.1", "reason": null, "serverTime": "2030-01-01T00:00:00.000Z", "session": null,
        "epoch": null, "messages": messages, "config": {"name": "Hall 7", "stationId": STATION}})
}

#[tokio::test]
async fn a_message_is_shown_confirmed_and_told_back() {
    let server = Server::start().await;
    let shown = format!("/api/messages/{MESSAGE}/shown");
    let confirmed = format!("/api/messages/{MESSAGE}/confirmed");
    server.always(&shown, ok(&message(2)));
    server.once(&confirmed, proxy(502));
    server.always(&confirmed, ok(&message(3)));
    server.always("/api/kiosk/stream", stream(&[("initial", initial(&[message(1)]))]));
    let kiosk = Kiosk::of(&server).await;
    let view = kiosk.shows(|view| !view.messages.is_empty()).await;
    assert_eq!(view.messages[0].text, "Fire drill at ten");
    server.asked_times(&shown, 1).await;
    kiosk.engine.confirm_message(MESSAGE.parse().expect("an id")).await.expect("is off the screen");
    assert!(kiosk.engine.view().messages.is_empty());
    // Said again until the server has heard it; meanwhile it does not come back.
    kiosk.passes_until(|| server.asked(&confirmed).len() == 2).await;
    assert_eq!(server.asked(&shown).len(), 1);
    assert!(kiosk.engine.view().messages.is_empty());
}

#[tokio::test]
async fn what_the_kiosk_is_set_up_as_is_taken_over_and_kept() {
    let server = Server::start().await;
    server.always("/api/kiosk/stream", stream(&[("initial", initial(&[]))]));
    let kiosk = Kiosk::of(&server).await;
    kiosk.shows(|view| view.kiosk.as_ref().is_some_and(|kiosk| kiosk.name == "Hall 7")).await;
    let kiosk = kiosk.restarted().await;
    let shown = kiosk.engine.view().kiosk.expect("a kiosk");
    assert_eq!((shown.name.as_str(), shown.station_id), ("Hall 7", Some(STATION.parse().expect("an id"))));
}
