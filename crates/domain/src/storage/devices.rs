//! Kiosks and enrolment codes, managed by administrators.

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::device::{EnrolmentCodeRecord, KioskDraft, KioskRecord};
use millrace_protocol::{EnrolmentCodeId, KioskId};

/// Devices.
#[async_trait]
pub trait Devices: Send + Sync + 'static {
    /// Kiosks by name, revoked ones among them.
    async fn kiosks(&self, asked: Asked) -> Result<Listed<KioskRecord>>;

    /// A kiosk.
    async fn kiosk_record(&self, id: KioskId) -> Result<Option<KioskRecord>>;

    /// Changes a kiosk that is at this version.
    async fn change_kiosk(&self, by: Actor, id: KioskId, version: u32, draft: KioskDraft) -> Result<KioskRecord>;

    /// Keeps which program a kiosk says it runs.
    async fn kiosk_runs(&self, id: KioskId, program: String) -> Result<()>;

    /// Enrolment codes that can still be used, by their end.
    async fn enrolment_codes(&self, asked: Asked) -> Result<Listed<EnrolmentCodeRecord>>;

    /// Takes back an enrolment code that was not used. False where there is none.
    async fn revoke_enrolment_code(&self, by: Actor, id: EnrolmentCodeId) -> Result<bool>;
}
