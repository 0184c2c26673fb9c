//! Every route that changes something and that a kiosk may call, and what a foe would send to it.

use super::scene::{Foe, Scene};
use crate::api::uuid;
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use std::io::Cursor;

/// What is sent.
#[derive(Debug)]
pub enum Content {
    Nothing,
    Json(Value),
    Picture(Vec<u8>),
}

/// A route of the OpenAPI document.
#[derive(Debug)]
pub struct Route {
    /// Method and path, as the document has them.
    pub name: &'static str,
    /// It wants a worker who is signed in at the calling kiosk.
    pub needs_worker: bool,
    /// The device's own, whoever stands there: a claim has nothing to say.
    pub of_the_device: bool,
}

const fn claimed(name: &'static str) -> Route {
    Route { name, needs_worker: false, of_the_device: false }
}
const fn by_worker(name: &'static str) -> Route {
    Route { name, needs_worker: true, of_the_device: false }
}
const fn by_device(name: &'static str) -> Route {
    Route { name, needs_worker: false, of_the_device: true }
}

pub const ROUTES: &[Route] = &[
    by_worker("POST /api/sessions"),
    by_worker("POST /api/sessions/takeover"),
    by_worker("POST /api/sessions/handover"),
    claimed("POST /api/sessions/heartbeat"),
    claimed("POST /api/sessions/abandon"),
    claimed("POST /api/sessions/bind-job-item"),
    claimed("POST /api/sessions/complete"),
    claimed("POST /api/sessions/corrections"),
    claimed("POST /api/sessions/quantities"),
    claimed("POST /api/sessions/reopen"),
    claimed("POST /api/sessions/still-here"),
    claimed("POST /api/sessions/unbind-job-item"),
    claimed("POST /api/status-events"),
    claimed("POST /api/status-events/{id}/reason"),
    claimed("POST /api/reports"),
    claimed("POST /api/calls"),
    claimed("POST /api/calls/{id}/cancel"),
    claimed("POST /api/approvals"),
    claimed("POST /api/approvals/{id}/decide"),
    claimed("POST /api/actions/park"),
    claimed("POST /api/actions/undo"),
    by_device("PUT /api/images/{id}"),
    by_device("POST /api/messages/{id}/shown"),
    by_device("POST /api/messages/{id}/confirmed"),
];

/// What a foe sends to a route: paths and contents, each under the foe's next number.
pub fn requests(scene: &Scene, route: &Route, foe: &Foe) -> Vec<(String, Content)> {
    let path = route.name.split(' ').nth(1).unwrap();
    let targets = &scene.targets;
    let at = |id: &str| path.replace("{id}", id);
    let with = |more: Value| {
        let mut body = json!({"sessionId": foe.session, "action": scene.stamp(foe)});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let one = |body: Value| vec![(path.to_owned(), Content::Json(body))];
    match path {
        "/api/sessions" => {
            let with_server = json!({"stationId": scene.station(), "instanceId": foe.instance});
            let (mut stamp, instance) = (scene.stamp(foe), uuid());
            (stamp["instanceId"], stamp["epoch"]) = (instance.clone().into(), 1.into());
            let without = json!({
                "stationId": scene.station(), "instanceId": instance, "id": uuid(), "action": stamp,
            });
            [with_server, without].into_iter().flat_map(one).collect()
        }
        "/api/sessions/takeover" => {
            let end = json!({"then": "complete", "endedAt": foe.occurred_at});
            [json!({}), json!({"then": "abandon"}), end]
                .into_iter()
                .flat_map(|more| {
                    let mut body = json!({"sessionId": foe.session, "instanceId": foe.instance});
                    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                    one(body)
                })
                .collect()
        }
        "/api/sessions/handover" => {
            let with_server = json!({
                "sessionId": foe.session, "stationId": scene.station(), "instanceId": uuid(), "quantitiesUnknown": true,
            });
            let mut without = with_server.clone();
            (without["id"], without["action"]) = (uuid().into(), scene.stamp(foe));
            [with_server, without].into_iter().flat_map(one).collect()
        }
        "/api/sessions/heartbeat" => [false, true]
            .into_iter()
            .flat_map(|closing| {
                one(json!({
                    "sessionId": foe.session, "instanceId": foe.instance, "epoch": foe.epoch, "closing": closing,
                }))
            })
            .collect(),
        "/api/sessions/bind-job-item" => one(with(json!({"jobItemId": targets.item, "stepId": targets.step}))),
        "/api/sessions/complete" => [json!({}), json!({"quantities": {"good": 3}}), json!({"endedAt": scene.now})]
            .into_iter()
            .flat_map(|more| one(with(more)))
            .collect(),
        "/api/sessions/corrections" => {
            corrections(scene, foe).into_iter().flat_map(|what| one(with(json!({"correction": what})))).collect()
        }
        "/api/sessions/quantities" => one(with(json!({"quantities": {"good": 4}}))),
        "/api/sessions/reopen" => one(with(json!({"runningSince": foe.occurred_at}))),
        "/api/actions/undo" => [scene.seq(foe) - 1, targets.last_seq]
            .into_iter()
            .flat_map(|undoes| one(json!({"undoes": undoes, "action": scene.stamp(foe)})))
            .collect(),
        "/api/sessions/abandon" | "/api/sessions/still-here" | "/api/sessions/unbind-job-item" | "/api/approvals" => {
            one(with(json!({})))
        }
        "/api/calls" => one(with(json!({"note": "come"}))),
        "/api/status-events" => one(with(json!({"statusDefinitionId": targets.status}))),
        "/api/status-events/{id}/reason" => {
            let reason = || Content::Json(with(json!({"reasonId": targets.stop_reason})));
            targets.events.iter().map(|event| (at(event), reason())).collect()
        }
        "/api/reports" => [vec![], vec![&targets.image]]
            .into_iter()
            .flat_map(|images| {
                let report = json!({
                    "type": "malfunction",
                    "reasonId": targets.report_reason,
                    "description": "it hums",
                    "imageIds": images,
                });
                one(with(json!({ "report": report })))
            })
            .collect(),
        "/api/calls/{id}/cancel" => vec![(at(&targets.call), Content::Json(with(json!({}))))],
        "/api/approvals/{id}/decide" => {
            let body = json!({"badge": "nobody's", "pin": "0000", "approve": true});
            vec![(at(&targets.approval), Content::Json(body))]
        }
        "/api/actions/park" => one(json!({
            "seq": scene.seq(foe),
            "path": "/api/status-events",
            "body": with(json!({"statusDefinitionId": targets.status})),
            "problem": {
                "type": "about:blank", "title": "Conflict", "status": 409, "code": "STATUS_NOT_ALLOWED", "detail": "no",
            },
        })),
        "/api/images/{id}" => vec![(at(&targets.image), Content::Picture(picture()))],
        "/api/messages/{id}/shown" | "/api/messages/{id}/confirmed" => vec![(at(&targets.message), Content::Nothing)],
        unknown => panic!("{unknown} is in the table, but nobody knows what to send there"),
    }
}

/// Each kind, aimed at what the owner has made.
fn corrections(scene: &Scene, foe: &Foe) -> Vec<Value> {
    let targets = &scene.targets;
    let mut all = vec![
        json!({"kind": "count", "entryId": targets.entry, "good": 1, "scrap": 0}),
        json!({"kind": "report", "reportId": targets.report, "description": "nothing"}),
        json!({"kind": "worker", "sessionId": foe.session, "workerId": scene.someone}),
        json!({"kind": "start", "sessionId": foe.session, "startedAt": foe.occurred_at}),
        json!({"kind": "end", "sessionId": foe.session, "endedAt": foe.occurred_at}),
    ];
    for event in &targets.events {
        all.extend([
            json!({"kind": "addedCount", "statusEventId": event, "good": 5, "scrap": 0}),
            json!({"kind": "item", "statusEventId": event, "jobItemId": targets.item, "stepId": targets.step}),
            json!({"kind": "status", "statusEventId": event, "statusDefinitionId": targets.status}),
            json!({"kind": "reason", "statusEventId": event, "reasonId": targets.stop_reason}),
            json!({"kind": "boundary", "statusEventId": event, "startedAt": foe.occurred_at}),
        ]);
    }
    all
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(8, 8).write_to(&mut bytes, ImageFormat::Png).expect("writes");
    bytes.into_inner()
}
