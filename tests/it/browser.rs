//! Chromium on the real server: a kiosk and a board in the browser.
//!
//! What is done and seen is in `ui/e2e`, in the browser's own language. Here is the server, and who kills it.

use millrace_tests::browser::Script;
use millrace_tests::cable::Cable;
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::json;

#[test]
fn a_kiosk_and_a_board_side_by_side() {
    let server = TestServer::demo(&[]);
    Script::start("side-by-side", &server).ends();
}

#[test]
fn a_shift_in_short_with_item_pieces_and_malfunction_and_the_desks_lists() {
    let server = TestServer::demo(&[]);
    Script::start("trade", &server).ends();
}

#[test]
fn a_second_tab_takes_the_session_and_the_first_says_so() {
    let server = TestServer::demo(&[]);
    Script::start("second-tab", &server).ends();
}

/// More than the server waits for a kiosk that is away; step by step, and at each the server looks: one that did not look
/// for long closes nobody.
fn six_minutes(script: &mut Script, server: &TestServer) {
    script.wants("six minutes");
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let admin = Caller::admin(server).await;
        for _ in 0..24 {
            server.advance(15_000);
            drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
        }
        // What boards begin with may be a second old.
        server.advance(1_001);
    });
    script.done("six minutes");
}

#[test]
fn a_kiosk_that_was_away_comes_back_and_what_came_too_late_is_decided() {
    let server = TestServer::demo(&[]);
    let mut script = Script::start("comes-back", &server);
    six_minutes(&mut script, &server);
    six_minutes(&mut script, &server);
    script.ends();
}

#[test]
fn a_message_is_shown_and_confirmed_at_the_kiosk_of_a_session() {
    let server = TestServer::demo(&[]);
    Script::start("message", &server).ends();
}

#[test]
fn the_board_says_stale_and_catches_up_after_a_kill() {
    let server = TestServer::demo(&[]);
    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut script = Script::start("restart", &server);
    script.wants("kill");
    let folder = server.kill9();
    script.done("kill");
    script.wants("start");
    let _server = TestServer::demo_at(folder, &listen, &[]);
    script.done("start");
    script.ends();
}

#[test]
fn event_source_and_beacon_are_the_browsers_own() {
    let server = TestServer::demo(&[]);
    Script::start("native", &server).ends();
}

#[test]
fn a_pulled_cable_is_seen_by_who_looks_at_the_board() {
    let server = TestServer::demo(&[]);
    let cable = Cable::to(&server);
    let mut script = Script::start_with("cable", &server, &json!({"cable": cable.url}));
    for _ in 0..2 {
        script.wants("pull");
        cable.pull();
        script.done("pull");
        script.wants("plug in");
        cable.plug_in();
        script.done("plug in");
    }
    script.ends();
}

#[test]
fn the_desks_lists_follow_their_streams_and_ask_for_nothing() {
    let server = TestServer::demo(&[]);
    Script::start("live-lists", &server).ends();
}

#[test]
fn a_board_without_a_stream_asks_and_goes_back_to_the_stream() {
    let server = TestServer::demo(&[]);
    Script::start("polling", &server).ends();
}
