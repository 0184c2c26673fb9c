/**
 * The one door out of the UI. Screens call this and nothing else; they never know whether a
 * desktop shell (tauri.ts), a server that the page came from (browser.ts) or a test (fake.ts)
 * answers.
 */
import type { CallId } from "../generated/CallId";
import type { ChecklistAnswers } from "../generated/ChecklistAnswers";
import type { Ending } from "../generated/Ending";
import type { ImageId } from "../generated/ImageId";
import type { ItemChoice } from "../generated/ItemChoice";
import type { KioskView } from "../generated/KioskView";
import type { MessageId } from "../generated/MessageId";
import type { Problem } from "../generated/Problem";
import type { Quantities } from "../generated/Quantities";
import type { Reason } from "../generated/Reason";
import type { ReasonId } from "../generated/ReasonId";
import type { ReasonType } from "../generated/ReasonType";
import type { ReportDraft } from "../generated/ReportDraft";
import type { Requests } from "../generated/Requests";
import type { StationChecklists } from "../generated/StationChecklists";
import type { StationChoice } from "../generated/StationChoice";
import type { StationId } from "../generated/StationId";
import type { StationItems } from "../generated/StationItems";
import type { StatusDefinition } from "../generated/StatusDefinition";
import type { StatusDefinitionId } from "../generated/StatusDefinitionId";
import type { StatusEventId } from "../generated/StatusEventId";
import type { TakingOver } from "../generated/TakingOver";
import type { Timestamp } from "../generated/Timestamp";
import type { UserSelf } from "../generated/UserSelf";
import type { WorkerId } from "../generated/WorkerId";

/** What a call rejects with: always a problem with a stable code, never a bare text. */
export class HostError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "HostError";
  }
}

/** Ends a subscription. Calling it twice is harmless. */
export type Unsubscribe = () => void;

/** What a status tile sends. */
export interface StatusChange {
  statusDefinitionId: StatusDefinitionId;
  reasonId?: ReasonId;
  note?: string;
  /** What production had made, where it is left. */
  quantities?: Quantities;
  /** The report that the status wants. */
  report?: ReportDraft;
}

/** The worker's kiosk. Every promise is settled once the view that follows from it was published. */
export interface KioskHost {
  /** Calls back at once with what is known, and at each change. */
  watch(listener: (view: KioskView) => void): Unsubscribe;
  /** Makes this device a kiosk. `serverUrl` is ignored in a browser. */
  enroll(serverUrl: string, code: string): Promise<void>;
  /** Whether what is saved here stays until it is sent: a browser may throw it away where its disk gets full. */
  isKept(): Promise<boolean>;
  signIn(workerCode: string, pin?: string): Promise<void>;
  signOut(): Promise<void>;
  stations(): Promise<StationChoice[]>;
  /** Where the signed-in worker can work and who is there, live: the pipeline stream, until unsubscribed. */
  pipeline(workerId: WorkerId, listener: (message: StreamMessage) => void): Unsubscribe;
  statuses(stationId: StationId): Promise<StatusDefinition[]>;
  reasons(stationId: StationId, type: ReasonType): Promise<Reason[]>;
  /** What can be made at a station; with its age where the server is away. */
  jobItems(stationId: StationId): Promise<StationItems>;
  /** What a station asks at the start and at the end of a session. */
  checklists(stationId: StationId): Promise<StationChecklists>;
  /** What `view.session` waits for a supervisor to do. Only the server knows. */
  requests(): Promise<Requests>;
  /** Opens a session at a station, with its list at the start where it has one. */
  open(stationId: StationId, checklist?: ChecklistAnswers): Promise<void>;
  /** Goes on with the session in `view.resumable`: a takeover unless it is claimed here. */
  resume(): Promise<void>;
  /** Gives up the session in `view.resumable`. */
  discard(): Promise<void>;
  /** Goes on here with the session in `view.provisional`. */
  continueHere(): Promise<void>;
  /** The session in `view.provisional` ended then (server's clock). */
  endedAt(at: Timestamp): Promise<void>;
  /** The signed-in worker takes the machine over from the worker of `view.session`. */
  handOver(taking: TakingOver): Promise<void>;
  /** Resolves when the change is saved here ("saved"); the view tells when it was sent. */
  changeStatus(change: StatusChange): Promise<void>;
  giveReason(statusEventId: StatusEventId, reasonId: ReasonId, note?: string): Promise<void>;
  count(quantities: Quantities): Promise<void>;
  /** Reports something, with no change of status. */
  report(report: ReportDraft): Promise<void>;
  /** Works on this item from now on. */
  bind(choice: ItemChoice): Promise<void>;
  /** Works on no item any more. */
  unbind(): Promise<void>;
  /** Asks for the approval of the first product of the item in work. */
  askApproval(note?: string): Promise<void>;
  /** Calls the supervisor. */
  call(note?: string): Promise<void>;
  cancelCall(callId: CallId): Promise<void>;
  /** Somebody is still there. */
  stillHere(): Promise<void>;
  /** Takes back what `view.undo` offers. */
  undo(): Promise<void>;
  /** Ends the session. */
  end(ending: Ending): Promise<void>;
  /** Ends a session that was started by mistake and in which nothing was produced. */
  abandon(): Promise<void>;
  /** The worker has seen why the session is gone. */
  acknowledgeEnded(): Promise<void>;
  /** Somebody has seen what became of these, of `view.unsaid`. */
  acknowledgeUnsaid(seqs: readonly number[]): Promise<void>;
  /** Somebody has read this one of `view.messages`. */
  confirmMessage(messageId: MessageId): Promise<void>;
}

/** How a stream stands. `live` only while its named heartbeat is heard. */
export type StreamState = "connecting" | "live" | "stale" | "polling";

/** What a stream tells its reader, in order. */
export type StreamMessage =
  | { type: "state"; state: StreamState; since: number }
  | { type: "event"; name: string; id: string | null; data: unknown; receivedAt: number };

/** A route for supervisors: `/api/admin/…`, and nothing else. */
export interface AdminRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** The version that is changed or removed. */
  version?: number;
}

/** The supervisor's desk. */
export interface DeskHost {
  /** Who is logged in; null for nobody. */
  me(): Promise<UserSelf | null>;
  /** `serverUrl` is ignored in a browser. */
  login(serverUrl: string, username: string, password: string): Promise<UserSelf>;
  logout(): Promise<void>;
  /** Asks one of the routes for supervisors; the types are `desk/api.ts`'s to say. */
  ask<T>(request: AdminRequest): Promise<T>;
  /** A report's picture. */
  picture(imageId: ImageId): Promise<Blob>;
  /**
   * Several streams on one connection, reconnecting for ever until unsubscribed. A topic is named as the server
   * names it; each event's data says as `topic` which one it belongs to, but for heartbeat and goodbye.
   */
  watch(topics: readonly string[], listener: (message: StreamMessage) => void): Unsubscribe;
}

/** Which of the two a desktop app was set up as; a browser offers both. */
export type Doors = "both" | "kiosk" | "desk";

export interface Host {
  readonly kind: "desktop" | "browser" | "fake";
  readonly doors: Doors;
  /** The server that a desktop app was started with, to be proposed; empty where there is none to propose. */
  readonly serverUrl: string;
  readonly kiosk: KioskHost;
  readonly desk: DeskHost;
}
