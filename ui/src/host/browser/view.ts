/** What a browser kiosk shows, from what it knows. Pure. */
import type { Ended } from "../../generated/Ended";
import type { KioskIdentity } from "../../generated/KioskIdentity";
import type { KioskView } from "../../generated/KioskView";
import type { LastAction } from "../../generated/LastAction";
import type { Link } from "../../generated/Link";
import type { Notice } from "../../generated/Notice";
import type { Resumable } from "../../generated/Resumable";
import type { Session } from "../../generated/Session";
import type { Worker } from "../../generated/Worker";
import type { Claim, Effect, Entry } from "./store";

/** Where a call, and the request for an approval, are sent. */
export const CALLS = "/api/calls";
export const APPROVALS = "/api/approvals";

export interface Known {
  readonly identity: KioskIdentity | null;
  readonly link: Link;
  readonly hold: Notice | null;
  readonly worker: Worker | null;
  readonly resumable: Resumable | null;
  readonly claim: Claim | null;
  /** What waits to be sent, in order; of all tabs. */
  readonly waiting: readonly Entry[];
  readonly ended: Ended | null;
  readonly lastAction: LastAction | null;
  /** ms */
  readonly offset: number;
}

const NO_ITEM = { jobId: null, jobNumber: null, jobItemId: null, jobItemName: null, stepId: null };

function produces(session: Session): boolean {
  return session.currentStatus?.machineState === "production";
}

function applied(session: Session, { status, item, good, scrap, malfunctions }: Effect): Session {
  const next = { ...session, askedAt: null };
  if (status) {
    Object.assign(next, { currentStatusId: status.id, currentStatus: status.is, lastStatusChangeAt: status.at });
    next.countMissing ||= produces(session) && !produces(next);
  }
  if (item !== undefined) {
    Object.assign(next, item ?? NO_ITEM);
    next.countMissing ||= produces(session) && session.stepId !== next.stepId;
  }
  if (good !== undefined || scrap !== undefined) {
    next.totals = { good: session.totals.good + (good ?? 0), scrap: session.totals.scrap + (scrap ?? 0) };
    next.countMissing = false;
  }
  next.malfunctionCount += malfunctions ?? 0;
  return next;
}

/** The session as the server last told it, with what is saved here on top. */
export function sessionOnTop({ session }: Claim, waiting: readonly Entry[]): Session {
  return (
    waiting
      // What the server had taken once is in the session that it told.
      .filter(({ body, again }) => body.sessionId === session.id && again !== true)
      .reduce((shown, { effect }) => (effect ? applied(shown, effect) : shown), session)
  );
}

export function viewOf(known: Known): KioskView {
  const { claim, waiting } = known;
  const isRunning = claim !== null && claim.endingSeq === null;
  const own = claim === null ? [] : waiting.filter(({ body }) => body.sessionId === claim.session.id);
  const isChanging = own.some(({ effect }) => effect?.status !== undefined || effect?.item !== undefined);
  return {
    kiosk: known.identity,
    link: known.link,
    waiting: waiting.length,
    hold: known.hold,
    worker: known.worker,
    resumable: isRunning ? null : known.resumable,
    session: isRunning
      ? {
          session: sessionOnTop(claim, waiting),
          epoch: claim.epoch,
          // The event of a change that waits has no name yet.
          statusEvent: isChanging ? null : claim.statusEvent,
          calling: own.some(({ path }) => path === CALLS),
          asking: own.some(({ path }) => path === APPROVALS),
        }
      : null,
    ended: known.ended,
    lastAction: known.lastAction,
    undo: null,
    serverOffsetMs: known.offset,
  };
}
