//! When a tap was, whatever the clocks did in between: suspend, a reboot without the server, a wrong BIOS clock.

use super::*;

const EVENTS: &str = "/api/status-events";
const HOUR: i64 = 3_600_000;

impl Kiosk {
    /// What was sent of the taps, by their order: when, and how that is known.
    async fn told(&self, server: &Server, taps: usize) -> Vec<(String, String)> {
        self.plugged_in(server).await;
        server.asked_times(EVENTS, taps).await;
        self.shows(|view| view.waiting == 0).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let sent = server.asked(EVENTS).iter().map(|body| parsed(body)["action"].clone()).collect::<Vec<_>>();
        // To the minute: a test takes its time as well.
        sent.iter().map(|action| (text(&action["occurredAt"])[..16].to_owned(), text(&action["clock"]))).collect()
    }
}

fn at(time: &str, clock: &str) -> (String, String) {
    (time.to_owned(), clock.to_owned())
}

#[tokio::test]
async fn a_machine_that_slept_knows_when_it_was_tapped_before_and_after() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.boot.sleep(HOUR);
    kiosk.status(STOP).await.expect("saves");
    server.time_is("2030-01-01T01:00:30.000Z");
    let told = kiosk.told(&server, 2).await;
    assert_eq!(told, [at("2030-01-01T00:00", "synced"), at("2030-01-01T01:00", "synced")]);
}

#[tokio::test]
async fn a_wall_clock_that_was_set_moves_no_tap_and_no_time_on_the_screen() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    kiosk.clock.jump_wall(-26 * HOUR);
    kiosk.clock.advance(Duration::from_secs(3));
    kiosk.status(STOP).await.expect("saves");
    let since = kiosk.engine.view().session.expect("a session").session.last_status_change_at;
    assert_eq!(&since.to_string()[..16], "2030-01-01T00:00");
    let told = kiosk.told(&server, 2).await;
    assert_eq!(told, [at("2030-01-01T00:00", "synced"), at("2030-01-01T00:00", "synced")]);
}

#[tokio::test]
async fn after_a_boot_with_a_wrong_bios_clock_each_tap_is_told_by_its_own_boot() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.status(RUNS).await.expect("saves");
    // Its battery is empty: it thinks that it is years ago.
    let kiosk = kiosk.rebooted("the second boot", -50_000 * HOUR).await;
    kiosk.clock.advance(Duration::from_secs(7200));
    kiosk.status(STOP).await.expect("saves");
    server.time_is("2030-01-01T02:05:30.000Z");
    let told = kiosk.told(&server, 2).await;
    assert_eq!(told, [at("2030-01-01T00:00", "synced"), at("2030-01-01T02:05", "synced")]);
}

#[tokio::test]
async fn a_tap_of_a_boot_that_never_heard_the_server_is_estimated_by_the_wall_clocks() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    let kiosk = kiosk.rebooted("the second boot", 0).await;
    kiosk.status(RUNS).await.expect("saves");
    let kiosk = kiosk.rebooted("the third boot", 0).await;
    kiosk.clock.advance(Duration::from_secs(3600));
    kiosk.status(STOP).await.expect("saves");
    server.time_is("2030-01-01T01:00:30.000Z");
    let told = kiosk.told(&server, 2).await;
    assert_eq!(told[1], at("2030-01-01T01:00", "synced"));
    assert_eq!(told[0], at("2030-01-01T00:00", "estimated"));
}

#[tokio::test]
async fn a_process_that_starts_again_in_the_same_boot_knows_the_servers_clock_without_the_server() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    kiosk.clock.jump_wall(5 * HOUR);
    let kiosk = kiosk.restarted().await;
    kiosk.status(RUNS).await.expect("saves");
    let since = kiosk.engine.view().session.expect("a session").session.last_status_change_at;
    assert_eq!(&since.to_string()[..16], "2030-01-01T00:00");
}

#[tokio::test]
async fn the_clock_is_asked_for_before_the_first_sending_of_a_boot() {
    let server = Server::start().await;
    server.time_is("2030-01-01T00:00:30.000Z");
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.unplugged().await;
    let kiosk = kiosk.rebooted("the second boot", 0).await;
    // Nothing beats for a session that was ended here.
    kiosk.engine.end(Ending::default()).await.expect("saves");
    server.once("/api/kiosks/me", proxy(502));
    kiosk.plugged_in(&server).await;
    server.asked_times("/api/kiosks/me", 1).await;
    assert_eq!(server.asked("/api/sessions/complete").len(), 0);
    kiosk.passes_until(|| !server.asked("/api/sessions/complete").is_empty()).await;
    kiosk.shows(|view| view.waiting == 0).await;
    assert_eq!(parsed(&server.asked("/api/sessions/complete")[0])["action"]["clock"], "synced");
}
