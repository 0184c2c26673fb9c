//! The trade in the transaction that writes: items, pieces, reports, approvals, calls.

use super::world::{World, caller, complete, instance, item, opening, reason, refusal, station, status, step};
use millrace_domain::Refusal;
use millrace_domain::change::Row;
use millrace_domain::deed::Deed;
use millrace_domain::status::StatusChange;
use millrace_protocol::action::Outcome;
use millrace_protocol::floor::{ApprovalStanding, ApprovalState, CallState};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::{ReportDraft, ReportKind, ReportState};
use millrace_protocol::session::{HandoverRequest, Session, TakeoverRequest};
use millrace_protocol::{JobItemId, SessionId, StepId};
use std::time::Duration;

fn pieces(good: u64, scrap: u64) -> Quantities {
    let scrap_reason_id = (scrap > 0).then(|| reason(3));
    Quantities { good: Some(good.into()), scrap: Some(scrap.into()), scrap_reason_id, ..Quantities::default() }
}

fn bind(item: JobItemId, step: StepId) -> Deed {
    Deed::Bind { item, step, quantities: None }
}

fn enter(key: &str, quantities: Option<Quantities>) -> Deed {
    Deed::ChangeStatus(StatusChange { quantities, ..StatusChange::to(status(key)) })
}

fn noise() -> ReportDraft {
    ReportDraft {
        kind: ReportKind::General,
        reason_id: reason(4),
        description: Some("it hums".into()),
        image_ids: vec![],
    }
}

async fn live(world: &World, session: SessionId) -> Session {
    world.live().await.into_iter().find(|live| live.id == session).expect("is open")
}

/// Ledger, balances and the totals of sessions say the same.
async fn agrees(world: &World) {
    let steps = "job_steps s WHERE s.good <> (SELECT coalesce(sum(good), 0) FROM quantity_ledger WHERE step_id = s.id) \
                 OR s.scrap <> (SELECT coalesce(sum(scrap), 0) FROM quantity_ledger WHERE step_id = s.id)";
    let sessions = "sessions s WHERE s.total_good <> (SELECT coalesce(sum(good), 0) FROM quantity_ledger WHERE session_id = s.id) \
                    OR s.total_scrap <> (SELECT coalesce(sum(scrap), 0) FROM quantity_ledger WHERE session_id = s.id)";
    assert_eq!((world.count(steps).await, world.count(sessions).await), (0, 0), "the ledger is the truth");
}

pub async fn production_needs_an_item_whose_step_is_here(world: World) {
    let session = world.open(1).await.session.id;
    assert_eq!(world.deed(1, 1, session, enter("production", None)).await, Err(Refusal::JobItemRequired));
    let elsewhere = world.deed(1, 2, session, bind(item(2), step(2))).await;
    assert!(matches!(elsewhere, Err(Refusal::StepNotAllowed { .. })), "{elsewhere:?}");
    let mixed = world.deed(1, 3, session, bind(item(1), step(2))).await;
    assert!(matches!(mixed, Err(Refusal::StepNotAllowed { .. })), "{mixed:?}");
    world.sql("UPDATE job_items SET archived_at = 1 WHERE name = 'Part 1'").await;
    assert!(world.deed(1, 4, session, bind(item(1), step(1))).await.is_err(), "archived");
    world.sql("UPDATE job_items SET archived_at = NULL WHERE name = 'Part 1'").await;
    world.deed(1, 5, session, bind(item(1), step(1))).await.expect("binds");
    let frozen = "job_items WHERE frozen_at IS NOT NULL";
    assert_eq!(world.count(frozen).await, 0, "binding is no production yet");
    world.deed(1, 6, session, enter("production", None)).await.expect("produces");
    assert_eq!(world.count(frozen).await, 1);
    assert_eq!(world.deed(1, 7, session, Deed::Unbind).await, Err(Refusal::JobItemRequired), "while producing");
}

pub async fn switching_items_splits_the_event_and_no_time_counts_twice(world: World) {
    world
        .sql(&format!(
            "INSERT INTO job_items (id, job_id, position, name, planned_quantity) \
         SELECT x'{}', id, 2, 'Second', 5 FROM jobs WHERE number = 'J01'",
            item(99).0.simple()
        ))
        .await;
    world.sql(&format!(
        "INSERT INTO job_steps (id, job_item_id, position, station_id, is_terminal) VALUES (x'{}', x'{}', 1, x'{}', 1)",
        step(99).0.simple(), item(99).0.simple(), station(1).0.simple()
    )).await;
    let session = world.producing(1).await;
    world.pass(Duration::from_secs(20)).await;
    let switch = Deed::Bind { item: item(99), step: step(99), quantities: Some(pieces(7, 0)) };
    let switched = world.deed(1, 3, session, switch).await.expect("switches");
    assert_eq!(switched.entry.and_then(|entry| entry.job_item_id), Some(item(1)), "counted for the item before");
    world.pass(Duration::from_secs(10)).await;
    world.deed(1, 4, session, bind(item(99), step(99))).await.expect("changes nothing");
    world.deed(1, 5, session, complete(None)).await.expect("ends");
    let time = |n: u8| {
        format!(
            "(SELECT 1 FROM status_events WHERE machine_state = 'production' AND job_item_id = x'{}' \
         GROUP BY job_item_id HAVING sum(ended_at - started_at) / 10000 = {})",
            item(n).0.simple(),
            if n == 1 { 2 } else { 1 }
        )
    };
    assert_eq!((world.count(&time(1)).await, world.count(&time(99)).await), (1, 1));
    let holes = "(SELECT ended_at, lead(started_at) OVER (ORDER BY started_at, id) AS next FROM status_events) \
                 WHERE next IS NOT NULL AND next <> ended_at";
    assert_eq!(world.count(holes).await, 0, "gapless");
    agrees(&world).await;
}

pub async fn leaving_production_counts_once_in_ledger_balance_and_totals(world: World) {
    let session = world.producing(1).await;
    let stop = world.change(1, 3, 1, session, "stop");
    let counted = millrace_domain::action::Action { what: enter("stop", Some(pieces(40, 2))), ..stop };
    let first = world.tap(counted.clone()).await;
    let again = world.tap(counted).await;
    assert!(again.repeat && first.result == again.result, "a retry has no second effect");
    let session = live(&world, session).await;
    assert_eq!((session.totals.good, session.totals.scrap, session.count_missing), (40, 2, false));
    assert_eq!(world.count("quantity_ledger").await, 1);
    assert_eq!(world.count("job_steps WHERE good = 40 AND scrap = 2").await, 1);
    world.deed(1, 4, session.id, Deed::Count(pieces(60, 0))).await.expect("counts while it stands");
    agrees(&world).await;
    let progress = world.log().await.into_iter().rev().find_map(|change| match change.row {
        Row::JobItems { item, .. } => item.new,
        _ => None,
    });
    let progress = progress.expect("the item's progress is in the log");
    assert_eq!((progress.completed_good, progress.complete), (100, true));
    for wrong in [serde_json::json!({"good": -1}), serde_json::json!({"good": 1.5}), serde_json::json!({})] {
        let quantities: Quantities = serde_json::from_value(wrong).expect("reads");
        let seq = 5 + u64::try_from(world.count("actions").await).expect("few");
        let refused = world.deed(1, seq, session.id, Deed::Count(quantities)).await;
        assert!(matches!(refused, Err(Refusal::InvalidQuantities { .. })), "{refused:?}");
    }
    agrees(&world).await;
}

pub async fn scrap_says_why_and_makes_a_report(world: World) {
    let session = world.producing(1).await;
    let bare = Quantities { scrap_reason_id: None, ..pieces(1, 1) };
    let refused = world.deed(1, 3, session, Deed::Count(bare)).await;
    assert!(matches!(refused, Err(Refusal::InvalidQuantities { .. })), "{refused:?}");
    let foreign = Quantities { scrap_reason_id: Some(reason(1)), ..pieces(1, 1) };
    assert!(world.deed(1, 4, session, Deed::Count(foreign)).await.is_err(), "a stop's reason is none for scrap");
    let made = world.deed(1, 5, session, Deed::Count(pieces(1, 3))).await.expect("counts");
    let [report] = made.reports.as_slice() else { panic!("one report: {:?}", made.reports) };
    assert_eq!((report.kind, report.state, report.scrap), (ReportKind::Scrap, ReportState::New, 3));
    assert_eq!(report.reason_id, Some(reason(3)));
    assert_eq!(world.count("reports WHERE type = 'scrap' AND scrap = 3").await, 1);
}

pub async fn a_mandatory_report_comes_with_its_status_and_is_stored_once(world: World) {
    let session = world.open(1).await.session.id;
    assert_eq!(world.deed(1, 1, session, enter("wants_report", None)).await, Err(Refusal::ReportRequired));
    let mut wrong = noise();
    wrong.reason_id = reason(1);
    let with = |report: ReportDraft| {
        Deed::ChangeStatus(StatusChange { report: Some(report), ..StatusChange::to(status("wants_report")) })
    };
    assert_eq!(world.deed(1, 2, session, with(wrong)).await, Err(Refusal::ReasonRequired));
    assert_eq!(live(&world, session).await.current_status_id, Some(status("stop")), "nothing was changed");
    let tap = world.action(1, 3, 1, session, with(noise()), "report");
    let made = world.tap(tap.clone()).await.result.expect("reports");
    assert!(world.tap(tap).await.repeat);
    assert_eq!(world.count("reports").await, 1, "a retried report is stored once");
    assert_eq!(made.reports[0].status_event_id, made.status_event.map(|event| event.id));
    world.deed(1, 4, session, Deed::Report(noise())).await.expect("reports without a status");
    assert_eq!(world.count("reports WHERE state = 'new'").await, 2);
}

pub async fn what_comes_late_counts_and_changes_nothing_live(world: World) {
    let session = world.producing(1).await;
    world.pass(Duration::from_secs(10)).await;
    let late = world.action(1, 3, 1, session, enter("stop", Some(pieces(9, 1))), "late");
    world.pass(Duration::from_secs(10)).await;
    let here = world.at(2, 1).await;
    let request = TakeoverRequest { session_id: session, instance_id: instance(2), then: None, ended_at: None };
    world.storage.take_over(here, request).await.expect("takes over");
    let before = live(&world, session).await;
    let answer = world.tap(late).await.result.expect("is taken");
    assert_eq!(answer.outcome, Outcome::Late);
    let after = live(&world, session).await;
    assert_eq!((after.totals.good, after.totals.scrap), (9, 1), "totals do change");
    assert_eq!(
        (after.current_status_id, after.last_status_change_at, after.step_id),
        (before.current_status_id, before.last_status_change_at, before.step_id),
        "status and item don't"
    );
    assert_eq!(world.count("reports WHERE type = 'scrap'").await, 1);
    agrees(&world).await;
}

pub async fn the_first_product_waits_for_its_approval(world: World) {
    world.sql("UPDATE job_steps SET first_product_approval = 1").await;
    let session = world.open(1).await.session.id;
    world.deed(1, 1, session, bind(item(1), step(1))).await.expect("binds");
    let standing = |refused: Result<_, Refusal>| match refused {
        Err(Refusal::ApprovalRequired { standing, .. }) => Some(standing),
        _ => None,
    };
    assert_eq!(standing(world.deed(1, 2, session, enter("production", None)).await), Some(ApprovalStanding::Needed));
    let ask = |seq| world.deed(1, seq, session, Deed::AskApproval { note: None });
    let asked = ask(3).await.expect("asks").approval.expect("an approval");
    assert_eq!(asked.state, ApprovalState::Pending);
    assert_eq!(ask(4).await.expect("asks again").approval.map(|same| same.id), Some(asked.id), "one is enough");
    assert_eq!(standing(world.deed(1, 5, session, enter("production", None)).await), Some(ApprovalStanding::Pending));
    world.sql(&format!("UPDATE approvals SET state = 'approved', decided_at = {}", world.now().millis())).await;
    world.deed(1, 6, session, enter("production", None)).await.expect("produces");
    world.deed(1, 7, session, enter("stop", Some(pieces(1, 0)))).await.expect("stops");
    world.clock.advance(Duration::from_hours(12));
    world.heartbeat(1, session).await.expect("is heard");
    assert_eq!(standing(world.deed(1, 8, session, enter("production", None)).await), Some(ApprovalStanding::Needed));
}

pub async fn a_setup_ends_the_approvals_of_its_station(world: World) {
    world.sql("UPDATE job_steps SET first_product_approval = 1").await;
    let session = world.open(1).await.session.id;
    world.deed(1, 1, session, bind(item(1), step(1))).await.expect("binds");
    world.deed(1, 2, session, Deed::AskApproval { note: None }).await.expect("asks");
    world.sql(&format!("UPDATE approvals SET state = 'approved', decided_at = {}", world.now().millis())).await;
    world.deed(1, 3, session, enter("setup", None)).await.expect("sets up");
    let refused = world.deed(1, 4, session, enter("production", None)).await;
    assert!(matches!(refused, Err(Refusal::ApprovalRequired { .. })), "{refused:?}");
}

pub async fn running_production_is_counted_at_handover_or_said_to_be_unknown(world: World) {
    let session = world.producing(1).await;
    let next = world.at(1, 2).await;
    let request = |quantities, unknown| HandoverRequest {
        session_id: session,
        station_id: station(1),
        instance_id: instance(2),
        quantities,
        quantities_unknown: unknown,
        checklist: None,
        id: None,
        action: None,
    };
    let neither = refusal(world.storage.hand_over(next, request(None, None)).await);
    assert!(matches!(neither, Err(Refusal::InvalidQuantities { .. })), "{neither:?}");
    let handed = world.storage.hand_over(next, request(Some(pieces(12, 0)), None)).await.expect("hands over");
    assert_eq!(handed.session.step_id, Some(step(1)), "the item goes on");
    assert_eq!(handed.session.totals.good, 0, "the pieces are the one's who made them");
    assert_eq!(world.count("quantity_ledger WHERE kind = 'handover' AND good = 12").await, 1);
    assert_eq!(world.count("sessions WHERE total_good = 12 AND close_reason = 'handover'").await, 1);
    agrees(&world).await;
}

pub async fn an_end_that_nobody_counted_is_marked_until_somebody_does(world: World) {
    let session = world.producing(1).await;
    world.deed(1, 3, session, enter("stop", None)).await.expect("stops");
    assert!(live(&world, session).await.count_missing);
    world.deed(1, 4, session, Deed::Count(pieces(3, 0))).await.expect("counts");
    assert!(!live(&world, session).await.count_missing);
    world.deed(1, 5, session, enter("production", None)).await.expect("goes on");
    world.pass(Duration::from_mins(6)).await;
    assert_eq!(world.count("sessions WHERE close_reason = 'idle' AND count_missing").await, 1);
}

pub async fn one_call_at_a_time_and_it_ends_with_its_session(world: World) {
    let session = world.open(1).await.session.id;
    let call = |seq| world.deed(1, seq, session, Deed::Call { note: None });
    let first = call(1).await.expect("calls").call.expect("a call");
    assert_eq!(call(2).await.expect("calls again").call.map(|same| same.id), Some(first.id));
    let cancelled = world.deed(1, 3, session, Deed::CancelCall(first.id)).await.expect("takes it back");
    assert_eq!(cancelled.call.map(|call| call.state), Some(CallState::Cancelled));
    assert!(world.deed(1, 4, session, Deed::CancelCall(first.id)).await.is_err(), "once");
    call(5).await.expect("calls anew");
    world.deed(1, 6, session, complete(None)).await.expect("ends");
    assert_eq!(world.count("calls WHERE state = 'cancelled'").await, 2);
    world.storage.open(caller(1), opening(20, 1)).await.expect("opens anew");
}

pub async fn the_ledger_is_only_added_to(world: World) {
    let session = world.producing(1).await;
    world.deed(1, 3, session, Deed::Count(pieces(3, 0))).await.expect("counts");
    for statement in ["UPDATE quantity_ledger SET good = 4", "DELETE FROM quantity_ledger"] {
        assert!(millrace_tests::sql::try_run(&world.folder.path().join("floor.db"), statement).await.is_err());
    }
}
