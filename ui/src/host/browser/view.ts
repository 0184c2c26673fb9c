/** What a browser kiosk shows, from what it knows. Pure. */
import type { Ended } from "../../generated/Ended";
import type { KioskIdentity } from "../../generated/KioskIdentity";
import type { KioskView } from "../../generated/KioskView";
import type { LastAction } from "../../generated/LastAction";
import type { Link } from "../../generated/Link";
import type { Message } from "../../generated/Message";
import type { Notice } from "../../generated/Notice";
import type { Resumable } from "../../generated/Resumable";
import type { Session } from "../../generated/Session";
import type { UndoOffer } from "../../generated/UndoOffer";
import type { Unsaid } from "../../generated/Unsaid";
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
  readonly undo: UndoOffer | null;
  readonly unsaid: readonly Unsaid[];
  readonly messages: readonly Message[];
  /** A session of the worker's that was closed for want of contact. */
  readonly provisional: Session | null;
  /** Why nothing can be saved. */
  readonly disk: Notice | null;
  /** ms */
  readonly offset: number;
}

const NO_ITEM = { jobId: null, jobNumber: null, jobItemId: null, jobItemName: null, stepId: null };

function produces(session: Session): boolean {
  return session.currentStatus?.machineState === "production";
}

function applied(session: Session, effect: Effect): Session {
  const { status, item, good, scrap, malfunctions, countMissing } = effect;
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
  next.countMissing = countMissing ?? next.countMissing;
  return next;
}

/** What takes an effect on this session back. */
export function reverse(before: Session, effect: Effect): Effect {
  const { currentStatusId, currentStatus, lastStatusChangeAt, countMissing } = before;
  const isOther = effect.status !== undefined && currentStatusId !== null && currentStatus !== null;
  return {
    ...(isOther ? { status: { id: currentStatusId, is: currentStatus, at: lastStatusChangeAt } } : {}),
    ...(effect.good === undefined ? {} : { good: -effect.good }),
    ...(effect.scrap === undefined ? {} : { scrap: -effect.scrap }),
    ...(effect.malfunctions === undefined ? {} : { malfunctions: -effect.malfunctions }),
    countMissing,
  };
}

/**
 * Entries of this session that count: not those that the server had taken once, which are in what it told, and not
 * those that it refused, which only wait to be parked.
 */
function counting({ session }: Claim, waiting: readonly Entry[]): Entry[] {
  return waiting.filter(({ body, again, problem }) => body.sessionId === session.id && again !== true && !problem);
}

/** The session as the server last told it, with what is saved here on top. */
export function sessionOnTop(claim: Claim, waiting: readonly Entry[]): Session {
  return counting(claim, waiting).reduce(
    (shown, { effect }) => (effect ? applied(shown, effect) : shown),
    claim.session,
  );
}

export function viewOf(known: Known): KioskView {
  const { claim, waiting } = known;
  const isRunning = claim !== null && claim.endingSeq === null;
  const own = claim === null ? [] : counting(claim, waiting);
  const isChanging = own.some(({ effect }) => effect?.status !== undefined || effect?.item !== undefined);
  return {
    kiosk: known.identity,
    link: known.link,
    waiting: waiting.length,
    hold: known.hold,
    disk: known.disk,
    worker: known.worker,
    // Signing in needs the server, here.
    unverified: false,
    resumable: isRunning ? null : known.resumable,
    provisional: isRunning ? null : known.provisional,
    session: isRunning
      ? {
          session: sessionOnTop(claim, waiting),
          epoch: claim.epoch,
          // The event of a change that waits has no name yet.
          statusEvent: isChanging ? null : claim.statusEvent,
          calling: own.some(({ path }) => path === CALLS),
          asking: own.some(({ path }) => path === APPROVALS),
          unsent: false,
        }
      : null,
    ended: known.ended,
    lastAction: known.lastAction,
    unsaid: [...known.unsaid],
    undo: isRunning ? known.undo : null,
    // A page that the server does not send can't start: what it would start with is not kept.
    provisions: null,
    messages: [...known.messages],
    serverOffsetMs: known.offset,
  };
}
