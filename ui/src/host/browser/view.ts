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
import type { Claim, Entry } from "./store";

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

/** The session as the server last told it, with what is saved here on top. */
export function sessionOnTop({ session }: Claim, waiting: readonly Entry[]): Session {
  // Each change replaces the one before, so the newest is all there is to see.
  const newest = waiting.findLast(({ effect, body }) => effect !== null && body.sessionId === session.id)?.effect;
  if (!newest) return session;
  return {
    ...session,
    currentStatusId: newest.statusDefinitionId,
    currentStatus: newest.status,
    lastStatusChangeAt: newest.at,
  };
}

export function viewOf(known: Known): KioskView {
  const { claim, waiting } = known;
  const isRunning = claim !== null && claim.endingSeq === null;
  const isChanging =
    claim !== null && waiting.some(({ effect, body }) => effect && body.sessionId === claim.session.id);
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
        }
      : null,
    ended: known.ended,
    lastAction: known.lastAction,
    serverOffsetMs: known.offset,
  };
}
