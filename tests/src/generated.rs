//! The files that are made from the code and committed: TypeScript types of the wire and of the IPC, and the
//! description of the interface.

use millrace_protocol::{
    Problem, access, action, amendment, catalogue, checklist, cursor, desk, device, floor, health, history, job, page,
    people, planning, plant, provisions, session, station, status, stream, worker,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ts_rs::{Config, ExportError, TS};

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where the TypeScript types live, from the root of the repository.
pub const TYPESCRIPT: &str = "ui/src/generated";

/// Writes the TypeScript types into a folder. A type brings those it is made of.
///
/// # Errors
/// When a file can't be written.
pub fn write_typescript(folder: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_out_dir(folder);
    macro_rules! export { ($($name:ty),* $(,)?) => { $(<$name as TS>::export_all(&config)?;)* } }
    export!(
        Problem,
        cursor::Cursor,
        access::EnrollRequest,
        access::Enrolled,
        access::KioskSelf,
        access::UserLogin,
        access::UserLoggedIn,
        access::UserSelf,
        access::EnrolmentCodeRequest,
        access::EnrolmentCode,
        device::EnrolmentCodeRecord,
        device::KioskDraft,
        device::KioskRecord,
        action::ActionAnswer,
        action::BindRequest,
        action::ReopenRequest,
        action::UndoRequest,
        amendment::Amended,
        amendment::AmendmentDraft,
        amendment::CloseDraft,
        amendment::Closed,
        amendment::CorrectionRequest,
        action::CallRequest,
        action::CountRequest,
        action::PlainRequest,
        action::ReasonRequest,
        action::ReportRequest,
        action::StatusChangeRequest,
        catalogue::Deleted,
        catalogue::ManagedReason,
        catalogue::ManagedStatus,
        catalogue::ReasonDraft,
        catalogue::StatusDraft,
        checklist::ChecklistAnswers,
        checklist::ChecklistDraft,
        checklist::StationChecklists,
        desk::CallList,
        desk::DecideRequest,
        desk::DecisionRequest,
        desk::ImageKept,
        desk::MessageDraft,
        desk::MessageList,
        desk::ReportList,
        desk::ReportRecord,
        desk::ReportStateRequest,
        desk::SessionApproval,
        floor::Message,
        floor::AcceptDraft,
        floor::Decided,
        floor::RejectDraft,
        floor::WholeDraft,
        floor::QuarantineEntry,
        health::Health,
        history::SessionRecord,
        history::WorkerSession,
        health::Version,
        job::Job,
        page::Page<plant::Area>,
        planning::CloseShort,
        planning::JobDraft,
        planning::JobItemDraft,
        planning::JobState,
        planning::Pipeline,
        planning::PipelineDraft,
        planning::Preset,
        planning::PresetDraft,
        planning::Reopen,
        planning::StationJobItemList,
        people::BadgeDraft,
        people::BadgeList,
        people::NewUser,
        people::PasswordDraft,
        people::PinDraft,
        people::UserDraft,
        people::UserRecord,
        people::WorkerDraft,
        people::WorkerRecord,
        plant::AreaDraft,
        provisions::Provisions,
        plant::ShiftCalendar,
        plant::ShiftCalendarDraft,
        session::Claimed,
        session::CompleteRequest,
        session::HandoverRequest,
        session::HeartbeatAnswer,
        session::HeartbeatRequest,
        session::OpenRequest,
        session::OpenedOffline,
        session::Owner,
        session::SweepAnswer,
        session::TakeoverRequest,
        station::StationDraft,
        station::StationList,
        station::StationTypes,
        status::ReasonList,
        status::ReasonType,
        status::StatusList,
        stream::ActiveSessionsInitial,
        stream::ConfigChanged,
        stream::Goodbye,
        stream::JobChanged,
        stream::JobGone,
        stream::JobProgressInitial,
        stream::KioskInitial,
        stream::MessageTold,
        stream::NotificationChanged,
        stream::NotificationGone,
        stream::NotificationsInitial,
        stream::PipelineInitial,
        stream::PipelineUpdate,
        stream::RealtimeInitial,
        stream::ReportTold,
        stream::ReportsInitial,
        stream::RowChanged,
        stream::SessionChanged,
        stream::SessionClosed,
        stream::SessionDetailInitial,
        stream::SessionGone,
        stream::SessionTransferred,
        stream::StationChanged,
        stream::StationGone,
        stream::StationsInitial,
        stream::StatusEventTold,
        stream::StreamHeartbeat,
        worker::ActiveSession,
        worker::WorkerLogin,
        worker::WorkerSignedIn,
        millrace_kiosk::view::Ending,
        millrace_kiosk::view::ItemChoice,
        millrace_kiosk::view::KioskView,
        millrace_kiosk::view::Requests,
        millrace_kiosk::view::StationItems,
        millrace_kiosk::view::TakingOver,
    );
    Ok(())
}

/// The description of the interface, from the root of the repository.
pub const OPENAPI: &str = "docs/openapi.json";

/// The description of the interface as the code has it now.
///
/// # Errors
/// When it can't be written as JSON.
pub fn openapi() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&serde_json::to_value(millrace_api::document())?).map(|text| text + "\n")
}

/// The files of a folder by name.
///
/// # Errors
/// When the folder can't be read.
pub fn files_of(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path())?);
    }
    Ok(files)
}
