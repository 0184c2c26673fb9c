//! The worker's kiosk.

use super::{Answer, Subscriptions};
use crate::shell::VIEW;
use millrace_kiosk::stream::StreamMessage;
use millrace_kiosk::view::{Ending, ItemChoice, KioskView, Requests, StationItems, TakingOver};
use millrace_kiosk::{CommandError, Engine, StatusChange};
use millrace_protocol::checklist::{ChecklistAnswers, StationChecklists};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{CallId, MessageId, ReasonId, StationId, StatusEventId};
use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, State};

/// The page hears the view that follows from a command before it hears that the command is done.
fn shown(app: &AppHandle, engine: &Engine, outcome: Result<(), CommandError>) -> Answer<()> {
    if let Err(error) = app.emit(VIEW, engine.view()) {
        tracing::debug!(%error, "the page has not heard the view");
    }
    outcome.map_err(|error| error.problem())
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands state over by value")]
pub(super) fn kiosk_view(engine: State<'_, Engine>) -> KioskView {
    engine.view()
}

#[tauri::command]
pub(super) async fn kiosk_enroll(
    app: AppHandle,
    engine: State<'_, Engine>,
    server_url: String,
    code: String,
) -> Answer<()> {
    shown(&app, &engine, engine.enroll(server_url, code).await)
}

#[tauri::command]
pub(super) async fn kiosk_sign_in(
    app: AppHandle,
    engine: State<'_, Engine>,
    worker_code: String,
    pin: Option<String>,
) -> Answer<()> {
    shown(&app, &engine, engine.sign_in(worker_code, pin).await)
}

#[tauri::command]
pub(super) async fn kiosk_sign_out(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.sign_out().await)
}

#[tauri::command]
pub(super) async fn kiosk_stations(engine: State<'_, Engine>) -> Answer<Vec<StationChoice>> {
    engine.stations().await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_pipeline(
    engine: State<'_, Engine>,
    subscriptions: State<'_, Subscriptions>,
    channel: Channel<StreamMessage>,
) -> Answer<u32> {
    let subscription = engine.pipeline().await.map_err(|error| error.problem())?;
    Ok(subscriptions.pass_on(subscription, channel))
}

#[tauri::command]
pub(super) async fn kiosk_statuses(engine: State<'_, Engine>, station_id: StationId) -> Answer<Vec<StatusDefinition>> {
    engine.statuses(station_id).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_reasons(
    engine: State<'_, Engine>,
    station_id: StationId,
    r#type: ReasonType,
) -> Answer<Vec<Reason>> {
    engine.reasons(station_id, r#type).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_job_items(engine: State<'_, Engine>, station_id: StationId) -> Answer<StationItems> {
    engine.job_items(station_id).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_checklists(engine: State<'_, Engine>, station_id: StationId) -> Answer<StationChecklists> {
    engine.checklists(station_id).await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_requests(engine: State<'_, Engine>) -> Answer<Requests> {
    engine.requests().await.map_err(|error| error.problem())
}

#[tauri::command]
pub(super) async fn kiosk_open(
    app: AppHandle,
    engine: State<'_, Engine>,
    station_id: StationId,
    checklist: Option<ChecklistAnswers>,
) -> Answer<()> {
    shown(&app, &engine, engine.open(station_id, checklist).await)
}

#[tauri::command]
pub(super) async fn kiosk_resume(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.resume().await)
}

#[tauri::command]
pub(super) async fn kiosk_discard(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.discard().await)
}

#[tauri::command]
pub(super) async fn kiosk_continue_here(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.continue_here().await)
}

#[tauri::command]
pub(super) async fn kiosk_ended_at(app: AppHandle, engine: State<'_, Engine>, at: Timestamp) -> Answer<()> {
    shown(&app, &engine, engine.ended_at(at).await)
}

#[tauri::command]
pub(super) async fn kiosk_hand_over(app: AppHandle, engine: State<'_, Engine>, taking: TakingOver) -> Answer<()> {
    shown(&app, &engine, engine.hand_over(taking).await)
}

#[tauri::command]
pub(super) async fn kiosk_change_status(app: AppHandle, engine: State<'_, Engine>, change: StatusChange) -> Answer<()> {
    shown(&app, &engine, engine.change_status(change).await)
}

#[tauri::command]
pub(super) async fn kiosk_give_reason(
    app: AppHandle,
    engine: State<'_, Engine>,
    status_event_id: StatusEventId,
    reason_id: ReasonId,
    note: Option<String>,
) -> Answer<()> {
    shown(&app, &engine, engine.give_reason(status_event_id, reason_id, note).await)
}

#[tauri::command]
pub(super) async fn kiosk_count(app: AppHandle, engine: State<'_, Engine>, quantities: Quantities) -> Answer<()> {
    shown(&app, &engine, engine.count(quantities).await)
}

#[tauri::command]
pub(super) async fn kiosk_report(app: AppHandle, engine: State<'_, Engine>, report: ReportDraft) -> Answer<()> {
    shown(&app, &engine, engine.report(report).await)
}

#[tauri::command]
pub(super) async fn kiosk_bind(app: AppHandle, engine: State<'_, Engine>, choice: ItemChoice) -> Answer<()> {
    shown(&app, &engine, engine.bind(choice).await)
}

#[tauri::command]
pub(super) async fn kiosk_unbind(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.unbind().await)
}

#[tauri::command]
pub(super) async fn kiosk_ask_approval(app: AppHandle, engine: State<'_, Engine>, note: Option<String>) -> Answer<()> {
    shown(&app, &engine, engine.ask_approval(note).await)
}

#[tauri::command]
pub(super) async fn kiosk_call(app: AppHandle, engine: State<'_, Engine>, note: Option<String>) -> Answer<()> {
    shown(&app, &engine, engine.call(note).await)
}

#[tauri::command]
pub(super) async fn kiosk_cancel_call(app: AppHandle, engine: State<'_, Engine>, call_id: CallId) -> Answer<()> {
    shown(&app, &engine, engine.cancel_call(call_id).await)
}

#[tauri::command]
pub(super) async fn kiosk_still_here(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.still_here().await)
}

#[tauri::command]
pub(super) async fn kiosk_undo(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.undo().await)
}

#[tauri::command]
pub(super) async fn kiosk_end(app: AppHandle, engine: State<'_, Engine>, ending: Ending) -> Answer<()> {
    shown(&app, &engine, engine.end(ending).await)
}

#[tauri::command]
pub(super) async fn kiosk_abandon(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.abandon().await)
}

#[tauri::command]
pub(super) async fn kiosk_acknowledge_ended(app: AppHandle, engine: State<'_, Engine>) -> Answer<()> {
    shown(&app, &engine, engine.acknowledge_ended().await)
}

#[tauri::command]
pub(super) async fn kiosk_acknowledge_unsaid(app: AppHandle, engine: State<'_, Engine>, seqs: Vec<u64>) -> Answer<()> {
    shown(&app, &engine, engine.acknowledge_unsaid(seqs).await)
}

#[tauri::command]
pub(super) async fn kiosk_confirm_message(
    app: AppHandle,
    engine: State<'_, Engine>,
    message_id: MessageId,
) -> Answer<()> {
    shown(&app, &engine, engine.confirm_message(message_id).await)
}
