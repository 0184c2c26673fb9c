//! The server as a process: what it says at the start, what survives its end.

use super::{Stand, board};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::{TestServer, program};
use std::process::{Command, Output};
use std::time::Duration;

fn run(args: &[&str]) -> Output {
    Command::new(program()).args(args).env_remove("MILLRACE_DATABASE_URL").output().expect("it runs")
}

fn refused(args: &[&str], code: i32) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(code), "{args:?}");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.stdout.is_empty(), "{args:?}: stdout is for the ready line");
    said
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_and_the_same_secrets_are_said_again() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    let before = server.ready.clone();
    let server = TestServer::demo_in(server.kill9(), &[]);
    for key in ["admin", "workers", "stations", "kiosks"] {
        assert_eq!(server.ready[key], before[key], "{key}");
    }
    let seen = board(&server, &Caller::admin(&server).await).await;
    assert_eq!((seen.len(), &seen[0]["currentStatus"]["key"]), (1, &"production".into()));
    let caller = Caller::kiosk(&server, 1);
    drop(caller.post("/api/sessions/heartbeat", stand.heart()).await.ok());
}

#[tokio::test]
async fn sigterm_says_goodbye_to_a_thousand_streams_and_ends_within_two_seconds() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut streams = Vec::new();
    for _ in 0..1_000 {
        let mut events = Events::open(&admin, "/api/admin/dashboard/active-sessions/stream").await;
        drop(events.wait_for("initial").await);
        streams.push(events);
    }
    let (status, took, _folder) = tokio::task::spawn_blocking(move || server.term()).await.expect("ends");
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    for mut events in streams {
        assert_eq!(events.wait_for("goodbye").await.data["reason"], "shutdown");
    }
}

#[test]
fn a_larger_floor_later_keeps_what_there_was() {
    let server = TestServer::demo(&["--kiosks", "3"]);
    let kept = server.ready["kiosks"][2].clone();
    let server = TestServer::demo_in(server.kill9(), &["--kiosks", "60"]);
    let count = |key: &str| server.ready[key].as_array().map(Vec::len);
    assert_eq!((count("kiosks"), count("stations"), count("workers")), (Some(60), Some(60), Some(60)));
    assert_eq!(server.ready["kiosks"][2], kept);
}

#[test]
fn a_second_server_and_a_taken_port_are_said_plainly() {
    let server = TestServer::demo(&[]);
    let data = server.data_dir();
    let said = refused(&["serve", "--listen", "127.0.0.1:0", "--data-dir", data.to_str().unwrap()], 1);
    assert!(said.contains("another server is running"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let address = server.url.trim_start_matches("http://");
    let said = refused(&["serve", "--listen", address, "--data-dir", folder.path().to_str().unwrap()], 1);
    assert!(said.contains("is taken") && said.lines().count() == 1, "{said}");
}

#[test]
fn what_can_not_be_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    let said = refused(&["serve", "--data-dir", here, "--database-url", "postgres://host/db"], 1);
    assert!(said.contains("no PostgreSQL yet"), "{said}");
    let said = refused(&["serve", "--data-dir", here, "--listen", "0.0.0.0:0", "--test-clock"], 1);
    assert!(said.contains("loopback"), "{said}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let said = refused(&["serve", "--data-dir", &format!("{here}/file")], 1);
    assert!(said.contains("can't be used"), "{said}");
    drop(refused(&["serve", "--no-such-flag"], 2));
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().to_str().unwrap();
    assert!(run(&["migrate", "--data-dir", here]).status.success());
    newer(&folder.path().join("millrace.db"));
    let said = refused(&["serve", "--listen", "127.0.0.1:0", "--data-dir", here], 1);
    assert!(said.contains("newer version"), "{said}");
}

/// Records a migration that this program does not know.
fn newer(database: &std::path::Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use sqlx::{ConnectOptions, Connection};
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(database).connect().await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'from the future', 1, x'00', 0)",
        )
        .execute(&mut conn)
        .await
        .unwrap();
        conn.close().await.unwrap();
    });
}

#[tokio::test]
async fn a_plant_begins_with_a_user_and_a_kiosk() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let added = run(&["user", "add", "boss", "--role", "admin", "--data-dir", data.to_str().unwrap()]);
    let said = String::from_utf8(added.stdout).unwrap();
    assert!(added.status.success() && said.starts_with("boss may log in now, with the password "), "{said}");
    let again = refused(&["user", "add", "boss", "--data-dir", data.to_str().unwrap()], 1);
    assert!(again.contains("already"), "{again}");
    let enrolled = run(&["enroll", "--name", "Kiosk 1", "--data-dir", data.to_str().unwrap()]);
    let code = String::from_utf8(enrolled.stdout).unwrap();
    assert!(enrolled.status.success() && code.contains("works once"), "{code}");
    let unknown = refused(&["enroll", "--name", "K", "--station", "NO-1", "--data-dir", data.to_str().unwrap()], 1);
    assert!(unknown.contains("NO-1"), "{unknown}");
    // A floor that the demo did not make stays what it is.
    let demo = refused(&["demo", "--listen", "127.0.0.1:0", "--data-dir", data.to_str().unwrap()], 1);
    assert!(demo.contains("did not make"), "{demo}");
}

#[tokio::test]
async fn a_log_that_cant_be_written_stops_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/dev/full", folder.path().join("server.log")).expect("links");
    // On a full disk the log fails first, and every failure is something to log.
    let server = TestServer::demo_in(folder, &["--log-level", "trace"]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    assert_eq!(board(&server, &Caller::admin(&server).await).await[0]["currentStatus"]["key"], "production");
    let (status, ended_in, _folder) = server.term();
    assert!(status.success() && ended_in < Duration::from_secs(10), "{status} after {ended_in:?}");
}
