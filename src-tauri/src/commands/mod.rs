//! The IPC: each command parses, calls one function of the engine, and maps the result.
//!
//! A command rejects with a problem that carries a stable code, never with a bare text.

mod desk;
mod kiosk;
mod streams;

pub(crate) use streams::Subscriptions;

use crate::setup::{Role, Settled};
use millrace_protocol::Problem;
use serde::Serialize;
use tauri::ipc::Invoke;
use tauri::{State, Wry};

/// What a command answers.
type Answer<T> = Result<T, Problem>;

/// How the app was set up, as far as the page has to know.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AppSettings {
    doors: Role,
    kiosk_mode: bool,
    /// The server that was named at the start, to be proposed.
    server_url: Option<String>,
}

#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands state over by value")]
fn app_settings(setup: State<'_, Settled>) -> AppSettings {
    AppSettings { doors: setup.role, kiosk_mode: setup.kiosk_mode, server_url: setup.server.clone() }
}

/// All commands. `build.rs` and the capability in `tauri.conf.json` name them, too.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app_settings,
        kiosk::kiosk_view,
        kiosk::kiosk_enroll,
        kiosk::kiosk_sign_in,
        kiosk::kiosk_sign_out,
        kiosk::kiosk_stations,
        kiosk::kiosk_pipeline,
        kiosk::kiosk_statuses,
        kiosk::kiosk_reasons,
        kiosk::kiosk_job_items,
        kiosk::kiosk_checklists,
        kiosk::kiosk_requests,
        kiosk::kiosk_open,
        kiosk::kiosk_resume,
        kiosk::kiosk_discard,
        kiosk::kiosk_continue_here,
        kiosk::kiosk_ended_at,
        kiosk::kiosk_hand_over,
        kiosk::kiosk_change_status,
        kiosk::kiosk_give_reason,
        kiosk::kiosk_count,
        kiosk::kiosk_report,
        kiosk::kiosk_bind,
        kiosk::kiosk_unbind,
        kiosk::kiosk_ask_approval,
        kiosk::kiosk_call,
        kiosk::kiosk_cancel_call,
        kiosk::kiosk_still_here,
        kiosk::kiosk_undo,
        kiosk::kiosk_end,
        kiosk::kiosk_abandon,
        kiosk::kiosk_acknowledge_ended,
        kiosk::kiosk_acknowledge_unsaid,
        kiosk::kiosk_confirm_message,
        desk::desk_me,
        desk::desk_login,
        desk::desk_logout,
        desk::desk_ask,
        desk::desk_picture,
        desk::desk_watch,
        streams::unsubscribe,
    ]
}
