//! Opening, handing over and ending: one session per station, one per worker.

use super::{Stand, board, station, text, uuid, worker};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

#[tokio::test]
async fn a_worker_signs_in_opens_works_and_ends_and_the_board_sees_it() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    assert_eq!(board(&server, &admin).await, Vec::<Value>::new(), "nobody works on a new floor");
    let mut stand = Stand::open(&server, 0).await;
    assert_eq!((stand.epoch, stand.seq), (1, 0));
    let seen = &board(&server, &admin).await[0];
    assert_eq!(seen["id"], stand.session);
    assert_eq!(seen["currentStatus"]["key"], "stop", "a session starts in stop");
    assert_eq!((&seen["workerCode"], &seen["contact"]), (&server.ready["workers"][0]["code"], &json!("online")));
    for absent in ["jobId", "jobNumber", "jobItemId", "jobItemName", "closeReason", "endedAt", "lastContactAt"] {
        assert_eq!(seen.get(absent), Some(&Value::Null), "{absent} is said as null");
    }
    assert_eq!(stand.enter("production").await.ok()["outcome"], "applied");
    assert_eq!(board(&server, &admin).await[0]["currentStatus"]["key"], "production");
    let ended = stand.end().await.ok();
    assert_eq!(
        (&ended["session"]["status"], &ended["session"]["closeReason"]),
        (&json!("completed"), &json!("completed"))
    );
    assert!(board(&server, &admin).await.is_empty());
    let gone = stand.beat().await.problem(410, "SESSION_NOT_ACTIVE");
    assert_eq!((&gone["reason"], &gone["provisional"]), (&json!("completed"), &json!(false)));
}

#[tokio::test]
async fn opening_again_with_the_same_instance_is_no_second_opening() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let body = json!({"stationId": stand.station, "instanceId": stand.instance});
    let again = stand.caller.post("/api/sessions", body).await.ok();
    assert_eq!((text(&again["session"]["id"]), again["epoch"].as_u64()), (stand.session.clone(), Some(1)));
    assert_eq!(again["lease"], json!({"ttlMs": 300_000, "nextMs": 15_000}));
    assert_eq!(board(&server, &Caller::admin(&server).await).await.len(), 1);
}

#[tokio::test]
async fn a_station_has_one_session_and_a_worker_has_one() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let other = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    let occupied = other.post("/api/sessions", json!({"stationId": stand.station, "instanceId": uuid()})).await;
    drop(occupied.problem(409, "STATION_OCCUPIED"));
    let second = json!({"stationId": station(&server, 3), "instanceId": uuid()});
    let held = stand.caller.post("/api/sessions", second).await.problem(409, "SESSION_ALREADY_EXISTS");
    assert_eq!(held["session"]["id"], stand.session, "it says which");
    let nowhere = other.post("/api/sessions", json!({"stationId": uuid(), "instanceId": uuid()})).await;
    drop(nowhere.problem(403, "STATION_NOT_ALLOWED"));
}

#[tokio::test]
async fn of_many_who_race_for_a_station_one_gets_it() {
    let server = TestServer::demo(&[]);
    let wanted = station(&server, 0);
    let mut racers = Vec::new();
    for number in 1..9 {
        racers.push(Caller::kiosk(&server, number).signed_in(&server, number).await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for racer in racers {
        let body = json!({"stationId": wanted, "instanceId": uuid()});
        tasks.spawn(async move { racer.post("/api/sessions", body).await.status });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn the_list_of_stations_says_who_is_there() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let list = stand.caller.get("/api/stations").await.ok();
    let stations = list["stations"].as_array().expect("a list");
    assert_eq!(stations.len(), 24);
    for station in stations {
        let here = station["id"] == stand.station;
        assert_eq!(station["occupancy"].is_null(), !here, "{station}");
        if here {
            assert_eq!(station["occupancy"]["workerName"], server.ready["workers"][1]["name"]);
        }
    }
}

#[tokio::test]
async fn the_next_worker_takes_the_machine_over_in_the_status_it_is_in() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    let next = Caller::kiosk(&server, 1).signed_in(&server, 2).await;
    let body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": uuid(), "quantitiesUnknown": true,
    });
    let claimed = next.post("/api/sessions/handover", body.clone()).await;
    assert_eq!(claimed.status, 201);
    let claimed = claimed.ok();
    assert_ne!(claimed["session"]["id"], stand.session);
    assert_eq!(claimed["session"]["currentStatus"]["key"], "production");
    assert_eq!(
        (claimed["session"]["workerCode"].as_str(), claimed["epoch"].as_u64()),
        (Some(&*worker(&server, 2)), Some(1))
    );
    let again = next.post("/api/sessions/handover", body).await.ok();
    assert_eq!(again["session"]["id"], claimed["session"]["id"], "a repeat is no second handover");
    let gone = stand.beat().await.problem(410, "SESSION_NOT_ACTIVE");
    assert_eq!(gone["reason"], "handover");
}

#[tokio::test]
async fn a_handover_is_made_at_the_kiosk_that_holds_the_claim() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let elsewhere = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    let body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": uuid(), "quantitiesUnknown": true,
    });
    drop(elsewhere.post("/api/sessions/handover", body).await.problem(409, "INSTANCE_MISMATCH"));
}

#[tokio::test]
async fn who_started_by_mistake_gives_it_up_but_not_once_he_produced() {
    let server = TestServer::demo(&[]);
    let mut mistake = Stand::open(&server, 1).await;
    let body = json!({"sessionId": mistake.session, "action": mistake.stamp()});
    let given_up = mistake.caller.post("/api/sessions/abandon", body).await.ok();
    assert_eq!(
        (&given_up["session"]["status"], &given_up["session"]["closeReason"]),
        (&json!("aborted"), &json!("abandoned"))
    );

    let mut earnest = Stand::open(&server, 2).await;
    drop(earnest.enter("production").await.ok());
    let body = json!({"sessionId": earnest.session, "action": earnest.stamp()});
    drop(earnest.caller.post("/api/sessions/abandon", body).await.problem(409, "INVALID_STATUS_TRANSITION"));
}

#[tokio::test]
async fn at_sign_in_the_open_session_is_offered() {
    let server = TestServer::demo(&[]);
    let stand = Stand::open(&server, 1).await;
    let login = json!({"workerCode": worker(&server, 1)});
    let here = stand.caller.post("/api/workers/login", login.clone()).await.ok();
    assert_eq!(here["activeSession"]["session"]["id"], stand.session);
    assert_eq!(here["activeSession"]["here"], true);
    let elsewhere = Caller::kiosk(&server, 2).post("/api/workers/login", login).await.ok();
    assert_eq!(elsewhere["activeSession"]["here"], false, "there it would be a takeover");
    assert!(elsewhere["activeSession"]["graceExpiresAt"].is_string());
    let asked = stand.caller.get("/api/workers/active-session").await.ok();
    assert_eq!(asked["activeSession"]["session"]["id"], stand.session);
}
