/** Which screen the kiosk shows: a function of the engine's view and of little else. */
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import type { SessionId } from "../generated/SessionId";
import { blankView, disklessView } from "../host/blank";

export type Screen =
  | "loading"
  | "diskless"
  | "enrol"
  | "ended"
  | "signIn"
  | "resume"
  | "provisional"
  | "stations"
  | "handOver"
  | "work"
  | "summary";

export interface Local {
  /** The session that was just ended here, while its summary is shown. */
  readonly summary: Session | null;
  /** Somebody else wants to sign in while a session runs. */
  readonly wantsSignIn: boolean;
  /** The session closed for want of contact that its worker does not want to say anything of now. */
  readonly leaves?: SessionId | null;
}

export function screenOf(view: KioskView, local: Local): Screen {
  if (view === blankView) return "loading";
  if (view === disklessView) return "diskless";
  if (view.ended) return "ended";
  if (!view.kiosk || view.link.state === "refused") return "enrol";
  if (view.session) {
    if (view.worker && view.worker.id !== view.session.session.workerId) return "handOver";
    return local.wantsSignIn ? "signIn" : "work";
  }
  if (local.summary) return "summary";
  if (!view.worker) return "signIn";
  if (view.resumable) return "resume";
  return view.provisional && view.provisional.id !== local.leaves ? "provisional" : "stations";
}
