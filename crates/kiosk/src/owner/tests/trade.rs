//! Pieces, items, reports, calls: judged here, shown at once, sent in order.

use super::server::{ITEM, OTHER_ITEM, OTHER_STEP, REASON, STEP};
use super::*;
use crate::view::ItemChoice;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::session::Session;

fn quantities(value: Value) -> Quantities {
    serde_json::from_value(value).expect("quantities")
}

fn malfunction() -> ReportDraft {
    serde_json::from_value(json!({"type": "malfunction", "reasonId": REASON})).expect("a report")
}

fn choice(item: &str, step: &str) -> ItemChoice {
    serde_json::from_value(json!({"jobItemId": item, "stepId": step})).expect("a choice")
}

impl Kiosk {
    async fn in_production(server: &Server) -> Self {
        let kiosk = Self::at_work(server).await;
        kiosk.stocked().await;
        kiosk.status(RUNS).await.expect("saves");
        kiosk
    }

    /// All lists are here.
    async fn stocked(&self) {
        let station = || STATION.parse().expect("an id");
        self.engine.job_items(station()).await.expect("lists");
        self.engine.checklists(station()).await.expect("lists");
        for kind in super::super::lists::REASONS {
            self.engine.reasons(station(), kind).await.expect("lists");
        }
    }

    fn session(&self) -> Session {
        self.engine.view().session.expect("a session").session
    }
}

#[tokio::test]
async fn what_is_tapped_shows_at_once_without_the_server_and_goes_out_in_order() {
    let server = Server::start().await;
    let kiosk = Kiosk::in_production(&server).await;
    kiosk.shows(|view| view.waiting == 0).await;
    // The mind of this server never changes the session, so what shows comes from here.
    kiosk.engine.adopt(identity(NOWHERE)).await.expect("moves");
    kiosk.status(RUNS).await.expect("saves");
    kiosk.engine.count(quantities(json!({"good": 7}))).await.expect("saves");
    assert_eq!((kiosk.session().totals.good, kiosk.session().totals.scrap), (7, 0));
    let mut change = StatusChange::to(STOP.parse().expect("an id"));
    change.quantities = Some(quantities(json!({"good": 3, "scrap": 2, "scrapReasonId": REASON})));
    kiosk.engine.change_status(change).await.expect("saves");
    assert_eq!((kiosk.session().totals.good, kiosk.session().totals.scrap), (10, 2));
    let mut change = StatusChange::to(BROKEN.parse().expect("an id"));
    change.report = Some(malfunction());
    kiosk.engine.change_status(change).await.expect("saves");
    assert_eq!(kiosk.session().malfunction_count, 1);
    kiosk.engine.unbind().await.expect("saves");
    assert_eq!(kiosk.session().job_item_name, None);
    kiosk.engine.bind(choice(OTHER_ITEM, OTHER_STEP)).await.expect("saves");
    assert_eq!(kiosk.session().job_item_name.as_deref(), Some("Shaft"));
    kiosk.engine.call(None).await.expect("saves");
    kiosk.engine.ask_approval(Some("first one".into())).await.expect("saves");
    let own = kiosk.engine.view().session.expect("a session");
    assert!(own.calling && own.asking);

    let kiosk = kiosk.restarted().await;
    assert_eq!(kiosk.engine.view().session, Some(own), "the same after a restart, without the server");
    kiosk.engine.adopt(identity(&server.url)).await.expect("moves back");
    kiosk.shows(|view| view.waiting == 0).await;
    let seq = |path: &str, at: usize| parsed(&server.asked(path)[at])["action"]["seq"].clone();
    assert_eq!(
        [
            seq("/api/sessions/quantities", 0),
            seq("/api/status-events", 2),
            seq("/api/status-events", 3),
            seq("/api/sessions/unbind-job-item", 0),
            seq("/api/sessions/bind-job-item", 0),
            seq("/api/calls", 0),
            seq("/api/approvals", 0),
        ],
        [json!(4), json!(5), json!(6), json!(7), json!(8), json!(9), json!(10)]
    );
    assert_eq!(parsed(&server.asked("/api/status-events")[3])["report"]["reasonId"], REASON);
    assert_eq!(parsed(&server.asked("/api/approvals")[0])["note"], "first one");
}

#[tokio::test]
async fn a_count_that_is_none_and_scrap_without_a_reason_are_refused_before_they_are_saved() {
    let server = Server::start().await;
    let kiosk = Kiosk::in_production(&server).await;
    kiosk.shows(|view| view.waiting == 0).await;
    for wrong in [
        json!({"good": -1}),
        json!({"good": 1.5}),
        json!({}),
        json!({"good": 1, "scrap": 1}),
        json!({"good": 1, "scrap": 1, "scrapReasonId": SESSION_ID}),
    ] {
        let refused = kiosk.engine.count(quantities(wrong.clone())).await.expect_err("is no count");
        assert_eq!(refused.problem().code, Code::InvalidQuantities, "{wrong}");
    }
    let mut foreign = malfunction();
    foreign.reason_id = SESSION_ID.parse().expect("an id");
    let refused = kiosk.engine.report(foreign).await.expect_err("is no reason of the station");
    assert_eq!(refused.problem().code, Code::ReasonRequired);
    assert_eq!(kiosk.engine.view().waiting, 0);
    kiosk.engine.report(malfunction()).await.expect("saves");
}

#[tokio::test]
async fn production_without_an_item_is_refused_at_once() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.stocked().await;
    kiosk.engine.unbind().await.expect("saves");
    let refused = kiosk.status(RUNS).await.expect_err("has no item");
    assert_eq!(refused.problem().code, Code::JobItemRequired);
    assert_eq!(kiosk.engine.ask_approval(None).await.expect_err("of nothing").problem().code, Code::JobItemRequired);
    let refused = kiosk.engine.bind(choice(ITEM, OTHER_STEP)).await.expect_err("is a step of another item");
    assert_eq!(refused.problem().code, Code::StepNotAllowed);
    kiosk.engine.bind(choice(ITEM, STEP)).await.expect("saves");
    kiosk.status(RUNS).await.expect("saves");
    assert_eq!(kiosk.engine.unbind().await.expect_err("it produces").problem().code, Code::JobItemRequired);
}

#[tokio::test]
async fn without_the_server_the_last_word_on_an_approval_holds() {
    let server = Server::start().await;
    let kiosk = Kiosk::at_work(&server).await;
    kiosk.stocked().await;
    kiosk.engine.bind(choice(OTHER_ITEM, OTHER_STEP)).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    kiosk.engine.adopt(identity(NOWHERE)).await.expect("moves");
    kiosk.shows(|view| view.link.state == LinkState::Offline).await;
    kiosk.engine.bind(choice(OTHER_ITEM, OTHER_STEP)).await.expect("saves");
    let refused = kiosk.status(RUNS).await.expect_err("is not approved");
    assert_eq!(refused.problem().code, Code::ApprovalRequired);
    let kept = kiosk.engine.job_items(STATION.parse().expect("an id")).await.expect("is kept");
    assert_eq!(kept.items.len(), 2);
    assert!(kept.as_of.is_some(), "with its age");
}

#[tokio::test]
async fn an_end_carries_its_count_and_the_stations_list() {
    let server = Server::start().await;
    let list = json!({"id": ITEM, "name": "End", "active": true, "version": 2,
        "items": [{"id": "clean", "labels": {"en": "Clean"}, "kind": "check", "required": true}]});
    let path = format!("/api/stations/{STATION}/checklists");
    server.always(&path, ok(&json!({"start": null, "end": list})));
    let kiosk = Kiosk::in_production(&server).await;
    let bare = Ending { quantities: Some(quantities(json!({"good": 4}))), checklist: None };
    let refused = kiosk.engine.end(bare.clone()).await.expect_err("the list is not done");
    assert_eq!(refused.problem().code, Code::ChecklistRequired);
    assert!(kiosk.engine.view().session.is_some());
    let answers = json!({"checklistId": ITEM, "version": 2, "answers": [{"itemId": "clean", "value": true}]});
    let ending = Ending { checklist: Some(serde_json::from_value(answers.clone()).expect("answers")), ..bare };
    kiosk.engine.end(ending).await.expect("saves");
    kiosk.shows(|view| view.waiting == 0).await;
    let sent = parsed(&server.asked("/api/sessions/complete")[0]);
    assert_eq!((&sent["quantities"]["good"], &sent["checklist"]), (&json!(4), &answers));
}
