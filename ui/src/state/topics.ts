/**
 * The streams a screen can read, each with what it is called on a connection with several (`GET /api/stream`)
 * and how its events become what is shown. A new stream is a few lines here.
 */
import type { Job } from "../generated/Job";
import type { JobItem } from "../generated/JobItem";
import type { Notification } from "../generated/Notification";
import type { PipelineInitial } from "../generated/PipelineInitial";
import type { PipelineUpdate } from "../generated/PipelineUpdate";
import type { Report } from "../generated/Report";
import type { ReportKind } from "../generated/ReportKind";
import type { Session } from "../generated/Session";
import type { SessionId } from "../generated/SessionId";
import type { StationLive } from "../generated/StationLive";
import type { StationOption } from "../generated/StationOption";
import type { StatusEvent } from "../generated/StatusEvent";
import { type Carried, epochOf, merge, noRows, type Rows, replaces, type StreamEvent } from "./rows";

export interface Topic<T> {
  /** As the server knows it. */
  readonly name: string;
  /** Before anything was told. */
  readonly nothing: T;
  /** What is known after these events; the same where they say nothing new. */
  readonly merge: (known: T, events: readonly StreamEvent[]) => T;
}

function rowsOf<T extends { id: string }>(name: string, carried: Carried): Topic<Rows<T>> {
  return { name, nothing: noRows<T>(), merge: (known, events) => merge(known, events, carried) };
}

/** Every open session. */
export const activeSessions = rowsOf<Session>("active-sessions", {
  all: "sessions",
  one: "session",
  gone: "sessionId",
});

/** Every station in use. */
export const stations = rowsOf<StationLive>("stations", { all: "stations", one: "station", gone: "stationId" });

/** What a supervisor has yet to acknowledge. */
export const notifications = rowsOf<Notification>("notifications", {
  all: "notifications",
  one: "notification",
  gone: "id",
});

/** Jobs in work. */
export const jobProgress = rowsOf<Job>("job-progress", { all: "jobs", one: "job", gone: "jobId" });

/** For so long a closed report is among those told (ms): as for the server's own list. */
const CLOSED_STAYS = 30 * 24 * 3_600_000;
const CLOSED: ReadonlySet<Report["state"]> = new Set(["solved", "approved", "withdrawn"]);

const REPORTS: Carried = {
  all: "reports",
  one: "report",
  isPast: (row, now) => {
    const { state, changedAt } = row as Report;
    return CLOSED.has(state) && now - Date.parse(changedAt) > CLOSED_STAYS;
  },
};

/** The kinds of reports that can be read by themselves. */
export const REPORT_KINDS: readonly ReportKind[] = ["malfunction", "general", "scrap"];

/** Reports that are not closed, and those that changed lately: of every kind, or of one. */
export const reports: Readonly<Record<ReportKind | "all", Topic<Rows<Report>>>> = {
  all: rowsOf("reports", REPORTS),
  malfunction: rowsOf("reports?type=malfunction", REPORTS),
  general: rowsOf("reports?type=general", REPORTS),
  scrap: rowsOf("reports?type=scrap", REPORTS),
};

/** A session with all that belongs to it. */
export interface SessionDetail {
  readonly session: Rows<Session>;
  readonly statusEvents: Rows<StatusEvent>;
  readonly reports: Rows<Report>;
}

/** One session, open or ended. */
export function sessionDetail(id: SessionId): Topic<SessionDetail> {
  return {
    name: `session/${id}`,
    nothing: { session: noRows(), statusEvents: noRows(), reports: noRows() },
    merge: (known, events) => {
      const session = merge(known.session, events, { all: "session", one: "session" });
      const statusEvents = merge(known.statusEvents, events, { all: "statusEvents", one: "statusEvent" });
      // Those of one session are shown with it, however old.
      const told = merge(known.reports, events, { all: "reports", one: "report" });
      const isSame = session === known.session && statusEvents === known.statusEvents && told === known.reports;
      return isSame ? known : { session, statusEvents, reports: told };
    },
  };
}

/** What a worker can work on, and where. */
export interface Pipeline {
  readonly known: boolean;
  readonly offset: number;
  readonly epoch: string;
  readonly jobItems: readonly JobItem[];
  readonly stationOptions: readonly StationOption[];
}

export const noPipeline: Pipeline = { known: false, offset: 0, epoch: "", jobItems: [], stationOptions: [] };

/** Each event tells all of it, so the newest is the truth. */
export function mergePipeline(known: Pipeline, events: readonly StreamEvent[]): Pipeline {
  let now = known;
  for (const { name, data } of events) {
    if (name === "initial") {
      const initial = data as PipelineInitial;
      if (!replaces(now, initial)) continue;
      const { offset, jobItems, stationOptions } = initial;
      now = { known: true, offset, epoch: epochOf(initial.position), jobItems, stationOptions };
    } else if (name === "update") {
      const { offset, jobItems, stationOptions } = data as PipelineUpdate;
      // Items come along only where one of them moved.
      if (now.known && offset > now.offset)
        now = { ...now, offset, jobItems: jobItems ?? now.jobItems, stationOptions };
    }
  }
  return now;
}
