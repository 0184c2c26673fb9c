//! Hands Tauri its configuration, and names our own commands: a command that is not named here would be
//! open to every page, whatever the capability says.

/// The commands of the IPC, as in `src/commands/`.
const COMMANDS: &[&str] = &[
    "app_settings",
    "kiosk_view",
    "kiosk_enroll",
    "kiosk_sign_in",
    "kiosk_sign_out",
    "kiosk_stations",
    "kiosk_pipeline",
    "kiosk_statuses",
    "kiosk_reasons",
    "kiosk_job_items",
    "kiosk_checklists",
    "kiosk_requests",
    "kiosk_open",
    "kiosk_resume",
    "kiosk_discard",
    "kiosk_continue_here",
    "kiosk_ended_at",
    "kiosk_hand_over",
    "kiosk_change_status",
    "kiosk_give_reason",
    "kiosk_count",
    "kiosk_report",
    "kiosk_bind",
    "kiosk_unbind",
    "kiosk_ask_approval",
    "kiosk_call",
    "kiosk_cancel_call",
    "kiosk_still_here",
    "kiosk_undo",
    "kiosk_end",
    "kiosk_abandon",
    "kiosk_acknowledge_ended",
    "kiosk_acknowledge_unsaid",
    "kiosk_confirm_message",
    "desk_me",
    "desk_login",
    "desk_logout",
    "desk_ask",
    "desk_picture",
    "desk_watch",
    "unsubscribe",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
