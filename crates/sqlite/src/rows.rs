//! Rows as queries return them, and the things they are.

use crate::encoding::{count, from_json, from_word, maybe_moment, moment};
use millrace_domain::change::Claimant;
use millrace_domain::storage::Result;
use millrace_protocol::session::{Session, Totals};
use millrace_protocol::status::{StatusDefinition, StatusEvent};
use millrace_protocol::worker::Worker;
use millrace_protocol::{
    InstanceId, JobId, JobItemId, KioskId, ReasonId, SessionId, StationId, StatusDefinitionId, StatusEventId, StepId,
    WorkerId,
};
use uuid::Uuid;

/// A row of `sessions`.
pub(crate) struct SessionRow {
    pub(crate) id: Uuid,
    pub(crate) worker_id: Uuid,
    pub(crate) worker_code: String,
    pub(crate) worker_name: String,
    pub(crate) station_id: Uuid,
    pub(crate) station_code: String,
    pub(crate) station_name: String,
    pub(crate) area_name: Option<String>,
    pub(crate) status: String,
    pub(crate) close_reason: Option<String>,
    pub(crate) provisional: bool,
    pub(crate) current_status_id: Option<Uuid>,
    pub(crate) current_status: Option<String>,
    pub(crate) last_status_change_at: i64,
    pub(crate) started_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) contact: String,
    pub(crate) last_contact_at: Option<i64>,
    pub(crate) total_good: i64,
    pub(crate) total_scrap: i64,
    pub(crate) malfunction_count: i64,
    pub(crate) job_id: Option<Uuid>,
    pub(crate) job_number: Option<String>,
    pub(crate) job_item_id: Option<Uuid>,
    pub(crate) job_item_name: Option<String>,
    pub(crate) step_id: Option<Uuid>,
    pub(crate) outside_assignment: bool,
    pub(crate) count_missing: bool,
    pub(crate) asked_at: Option<i64>,
    pub(crate) reason_missing_from: Option<i64>,
    pub(crate) started_offline: bool,
    pub(crate) recovered_at: Option<i64>,
    pub(crate) untouched_since: Option<i64>,
    pub(crate) version: i64,
}

impl SessionRow {
    pub(crate) fn session(self) -> Result<Session> {
        Ok(Session {
            id: SessionId(self.id),
            worker_id: WorkerId(self.worker_id),
            worker_code: self.worker_code,
            worker_name: self.worker_name,
            station_id: StationId(self.station_id),
            station_code: self.station_code,
            station_name: self.station_name,
            area_name: self.area_name,
            job_id: self.job_id.map(JobId),
            job_number: self.job_number,
            job_item_id: self.job_item_id.map(JobItemId),
            job_item_name: self.job_item_name,
            step_id: self.step_id.map(StepId),
            outside_assignment: self.outside_assignment,
            status: from_word(self.status)?,
            close_reason: self.close_reason.map(from_word).transpose()?,
            provisional: self.provisional,
            current_status_id: self.current_status_id.map(StatusDefinitionId),
            current_status: self.current_status.as_deref().map(from_json).transpose()?,
            last_status_change_at: moment(self.last_status_change_at),
            reason_missing_from: maybe_moment(self.reason_missing_from),
            started_at: moment(self.started_at),
            ended_at: maybe_moment(self.ended_at),
            contact: from_word(self.contact)?,
            last_contact_at: maybe_moment(self.last_contact_at),
            totals: Totals { good: count(self.total_good)?, scrap: count(self.total_scrap)? },
            count_missing: self.count_missing,
            malfunction_count: count(self.malfunction_count)?,
            asked_at: maybe_moment(self.asked_at),
            started_offline: self.started_offline,
            recovered_at: maybe_moment(self.recovered_at),
            untouched_since: maybe_moment(self.untouched_since),
            version: count(self.version)?,
        })
    }
}

/// A row of `status_events`.
pub(crate) struct StatusEventRow {
    pub(crate) id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) status_definition_id: Uuid,
    pub(crate) status: String,
    pub(crate) reason_id: Option<Uuid>,
    pub(crate) note: Option<String>,
    pub(crate) time_class: Option<String>,
    pub(crate) job_item_id: Option<Uuid>,
    pub(crate) job_item_name: Option<String>,
    pub(crate) job_number: Option<String>,
    pub(crate) step_id: Option<Uuid>,
    pub(crate) started_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) unknown: bool,
    pub(crate) voided: bool,
    pub(crate) estimated: bool,
    pub(crate) shifted_from: Option<i64>,
    pub(crate) epoch: i64,
    pub(crate) version: i64,
}

impl StatusEventRow {
    pub(crate) fn event(self) -> Result<StatusEvent> {
        Ok(StatusEvent {
            id: StatusEventId(self.id),
            session_id: SessionId(self.session_id),
            status_definition_id: StatusDefinitionId(self.status_definition_id),
            status: from_json(&self.status)?,
            reason_id: self.reason_id.map(ReasonId),
            note: self.note,
            time_class: self.time_class.map(from_word).transpose()?,
            job_item_id: self.job_item_id.map(JobItemId),
            job_item_name: self.job_item_name,
            job_number: self.job_number,
            step_id: self.step_id.map(StepId),
            started_at: moment(self.started_at),
            ended_at: maybe_moment(self.ended_at),
            unknown: self.unknown,
            voided: self.voided,
            estimated: self.estimated,
            shifted_from: maybe_moment(self.shifted_from),
            epoch: count(self.epoch)?,
            version: count(self.version)?,
        })
    }
}

/// A row of `status_definitions`.
pub(crate) struct StatusDefinitionRow {
    pub(crate) id: Uuid,
    pub(crate) key: String,
    pub(crate) labels: String,
    pub(crate) color: String,
    pub(crate) machine_state: String,
    pub(crate) time_class: String,
    pub(crate) reason_wanted: String,
    pub(crate) report_type: String,
    pub(crate) protected: bool,
}

impl StatusDefinitionRow {
    pub(crate) fn definition(self) -> Result<StatusDefinition> {
        Ok(StatusDefinition {
            id: StatusDefinitionId(self.id),
            key: self.key,
            labels: from_json(&self.labels)?,
            color: self.color,
            machine_state: from_word(self.machine_state)?,
            time_class: from_word(self.time_class)?,
            reason_wanted: from_word(self.reason_wanted)?,
            report_type: from_word(self.report_type)?,
            protected: self.protected,
        })
    }
}

/// Who owns a session: a row of `claims` with its kiosk's name.
pub(crate) struct ClaimantRow {
    pub(crate) kiosk_id: Uuid,
    pub(crate) instance_id: Uuid,
    pub(crate) kiosk_name: String,
    pub(crate) epoch: i64,
    pub(crate) from_at: i64,
}

impl ClaimantRow {
    pub(crate) fn claimant(self, session: SessionId) -> Result<Claimant> {
        Ok(Claimant {
            session,
            kiosk: KioskId(self.kiosk_id),
            instance: InstanceId(self.instance_id),
            kiosk_name: self.kiosk_name,
            epoch: count(self.epoch)?,
            since: moment(self.from_at),
        })
    }
}

/// A row of `workers`.
pub(crate) struct WorkerRow {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) pin_hash: Option<String>,
}

impl WorkerRow {
    pub(crate) fn worker(self) -> (Worker, Option<String>) {
        let worker = Worker { id: WorkerId(self.id), code: self.code, name: self.name, language: self.language };
        (worker, self.pin_hash)
    }
}
