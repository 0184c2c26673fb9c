/**
 * The one door out of the UI. Screens call this and nothing else; they never know whether a
 * desktop shell (tauri.ts), a server that the page came from (browser.ts) or a test (fake.ts)
 * answers.
 */
import type { KioskView } from "../generated/KioskView";
import type { Problem } from "../generated/Problem";
import type { Reason } from "../generated/Reason";
import type { ReasonId } from "../generated/ReasonId";
import type { ReasonType } from "../generated/ReasonType";
import type { Station } from "../generated/Station";
import type { StationId } from "../generated/StationId";
import type { StatusDefinition } from "../generated/StatusDefinition";
import type { StatusDefinitionId } from "../generated/StatusDefinitionId";
import type { StatusEventId } from "../generated/StatusEventId";
import type { UserSelf } from "../generated/UserSelf";

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
}

/** The worker's kiosk. Every promise is settled once the view that follows from it was published. */
export interface KioskHost {
  /** Calls back at once with what is known, and at each change. */
  watch(listener: (view: KioskView) => void): Unsubscribe;
  /** Makes this device a kiosk. `serverUrl` is ignored in a browser. */
  enroll(serverUrl: string, code: string): Promise<void>;
  signIn(workerCode: string, pin?: string): Promise<void>;
  signOut(): Promise<void>;
  stations(): Promise<Station[]>;
  statuses(stationId: StationId): Promise<StatusDefinition[]>;
  reasons(stationId: StationId, type: ReasonType): Promise<Reason[]>;
  /** Opens a session at a station. */
  open(stationId: StationId): Promise<void>;
  /** Goes on with the session in `view.resumable`: a takeover unless it is claimed here. */
  resume(): Promise<void>;
  /** Gives up the session in `view.resumable`. */
  discard(): Promise<void>;
  /** The signed-in worker takes the machine over from the worker of `view.session`. */
  handOver(): Promise<void>;
  /** Resolves when the change is saved here ("saved"); the view tells when it was sent. */
  changeStatus(change: StatusChange): Promise<void>;
  giveReason(statusEventId: StatusEventId, reasonId: ReasonId, note?: string): Promise<void>;
  /** Ends the session. */
  end(): Promise<void>;
  /** Ends a session that was started by mistake and in which nothing was produced. */
  abandon(): Promise<void>;
  /** The worker has seen why the session is gone. */
  acknowledgeEnded(): Promise<void>;
}

/** How a stream stands. `live` only while its named heartbeat is heard. */
export type StreamState = "connecting" | "live" | "stale" | "polling";

/** What a stream tells its reader, in order. */
export type StreamMessage =
  | { type: "state"; state: StreamState; since: number }
  | { type: "event"; name: string; id: string | null; data: unknown; receivedAt: number };

/** The supervisor's desk. */
export interface DeskHost {
  /** Who is logged in; null for nobody. */
  me(): Promise<UserSelf | null>;
  /** `serverUrl` is ignored in a browser. */
  login(serverUrl: string, username: string, password: string): Promise<UserSelf>;
  logout(): Promise<void>;
  /** Every station in use, by code. Who works where is the stream's to say. */
  stations(): Promise<Station[]>;
  /** The active-sessions stream, reconnecting for ever until unsubscribed. */
  activeSessions(listener: (message: StreamMessage) => void): Unsubscribe;
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
