/** Rows as the server would send them, for the floor in memory. */
import type { Call } from "../generated/Call";
import type { Code } from "../generated/Code";
import type { Message } from "../generated/Message";
import type { OwnSession } from "../generated/OwnSession";
import type { QuarantineEntry } from "../generated/QuarantineEntry";
import type { Report } from "../generated/Report";
import type { Session } from "../generated/Session";
import type { StationChoice } from "../generated/StationChoice";
import type { StationJobItem } from "../generated/StationJobItem";
import type { StationLive } from "../generated/StationLive";
import type { StatusDefinition } from "../generated/StatusDefinition";
import type { StatusEvent } from "../generated/StatusEvent";
import type { Worker } from "../generated/Worker";
import { HostError } from "./types";

export function problem(code: Code, status: number, detail = code): HostError {
  return new HostError({ type: `urn:millrace:problem:${code.toLowerCase()}`, title: code, status, detail, code });
}

/** What a session has of its station. */
type Place = Pick<StationChoice, "id" | "code" | "name" | "area">;

/** A session of this worker at this station. */
export function fakeSession(worker: Worker, station: Place, status: StatusDefinition, at: string): Session {
  return {
    id: `session-${station.code}`,
    workerId: worker.id,
    workerCode: worker.code,
    workerName: worker.name,
    stationId: station.id,
    stationCode: station.code,
    stationName: station.name,
    areaName: station.area,
    jobId: null,
    jobNumber: null,
    jobItemId: null,
    jobItemName: null,
    stepId: null,
    outsideAssignment: false,
    status: "active",
    closeReason: null,
    provisional: false,
    currentStatusId: status.id,
    currentStatus: status,
    lastStatusChangeAt: at,
    startedAt: at,
    endedAt: null,
    contact: "online",
    lastContactAt: null,
    totals: { good: 0, scrap: 0 },
    countMissing: false,
    malfunctionCount: 0,
    askedAt: null,
    reasonMissingFrom: null,
    startedOffline: false,
    recoveredAt: null,
    untouchedSince: null,
    version: 1,
  };
}

/** A station as its stream tells it. */
export function liveStation(station: StationChoice, session?: Session): StationLive {
  const { id, code, name, type, areaId, area } = station;
  const there = session && { workerName: session.workerName, since: session.startedAt, contact: session.contact };
  const occupancy = there ?? station.occupancy;
  return {
    id,
    code,
    name,
    type,
    areaId,
    area,
    occupancy,
    sessionId: session?.id ?? null,
    lastSession: null,
    kiosk: null,
  };
}

/** The stretch that a session is in. */
export function fakeStatusEvent(session: Session, more: Partial<StatusEvent> = {}): StatusEvent {
  const { currentStatusId, currentStatus, jobItemId, jobItemName, jobNumber, stepId, lastStatusChangeAt } = session;
  return {
    id: `event-of-${session.id}`,
    sessionId: session.id,
    statusDefinitionId: currentStatusId ?? "",
    status: currentStatus ?? { key: "", labels: {}, color: "", machineState: "stoppage" },
    reasonId: null,
    note: null,
    timeClass: null,
    jobItemId,
    jobItemName,
    jobNumber,
    stepId,
    startedAt: lastStatusChangeAt,
    endedAt: null,
    unknown: false,
    voided: false,
    estimated: false,
    shiftedFrom: null,
    epoch: 1,
    version: 1,
    ...more,
  };
}

/** A malfunction that this session's worker reports. */
export function fakeReport(session: Session, more: Partial<Report> = {}): Report {
  const { id: sessionId, stationId, stationCode, stationName, workerId, workerName, jobItemId, jobItemName } = session;
  const at = session.lastStatusChangeAt;
  return {
    id: "report-1",
    type: "malfunction",
    state: "open",
    stationId,
    stationCode,
    stationName,
    sessionId,
    workerId,
    workerName,
    statusEventId: null,
    jobItemId,
    jobItemName,
    reasonId: null,
    reasonLabels: null,
    description: null,
    scrap: 0,
    images: [],
    occurredAt: at,
    changedAt: at,
    changedBy: null,
    version: 1,
    ...more,
  };
}

/** The item that a session works on. */
export function working(session: Session, item: StationJobItem): Session {
  const { id: jobItemId, jobId, jobNumber, name: jobItemName, stepId } = item;
  return { ...session, jobItemId, jobId, jobNumber, jobItemName, stepId };
}

/** A call of this session that nobody has seen. */
export function fakeCall(session: Session, madeAt: string): Call {
  const { id: sessionId, stationId, stationCode, stationName, workerId, workerName } = session;
  return {
    id: "call-1",
    state: "open",
    stationId,
    stationCode,
    stationName,
    sessionId,
    workerId,
    workerName,
    note: null,
    madeAt,
    seenAt: null,
    seenBy: null,
    escalatedAt: null,
    endedAt: null,
    version: 1,
  };
}

/** A count that came after its session had ended, and waits for a decision. */
export function fakeQuarantine(more: Partial<QuarantineEntry> = {}): QuarantineEntry {
  const at = more.at ?? "2026-11-24T08:00:00.000Z";
  return {
    id: "quarantine-1",
    kioskId: "kiosk-1",
    seq: 1,
    sessionId: "session-1",
    path: "/api/sessions/quantities",
    body: { sessionId: "session-1", quantities: { good: 4 }, action: { seq: 1, occurredAt: at } },
    problem: null,
    reason: "outside_epoch",
    occurredAt: at,
    at,
    workerName: "Noa Levi",
    stationName: "Lathe Okuma 1",
    decision: null,
    decidedAt: null,
    decidedBy: null,
    undoesId: null,
    ...more,
  };
}

/** What a supervisor wrote to this kiosk. */
export function fakeMessage(sentAt: string): Message {
  return {
    id: "message-1",
    kioskId: "kiosk-1",
    text: "Please come to the office after this job.",
    sentAt,
    sentBy: "dana",
    shownAt: null,
    confirmedAt: null,
    version: 1,
  };
}

/** A session this kiosk owns. */
export function ownSession(session: Session): OwnSession {
  return { session, epoch: 1, statusEvent: null, calling: false, asking: false, unsent: false };
}
