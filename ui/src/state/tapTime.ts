/**
 * When a tap was, on the server's clock: told when it is first sent, by what has been learnt until then.
 *
 * A page has two clocks. The one that counts since the page was opened is never set, but stands still in some
 * browsers while the machine sleeps; the wall clock runs on, but can be set. Where both went the same way between a
 * tap and a moment at which the server was heard, the tap's time is known. Where they parted, it is a guess.
 */
import type { ActionStamp } from "../generated/ActionStamp";

/** What both clocks of a page say at one moment. */
export interface Moment {
  /** Names the page: its own clock means nothing to another one. */
  readonly page: string;
  /** Wall clock (ms). */
  readonly wallAt: number;
  /** Since the page was opened (ms). */
  readonly upAt: number;
}

/** A moment at which something was tapped. */
export interface Tap extends Moment {
  /** For how long the page had been running without a break (ms). */
  readonly runningFor: number;
}

/** A moment at which the server said its time (ms). */
export interface Heard extends Moment {
  readonly serverAt: number;
}

/** What a stamp says of the time. */
export type TapTime = Pick<ActionStamp, "occurredAt" | "wallAt" | "clock" | "runningSince">;

/** Clocks that part by more have been set, or one of them stood still (ms). */
export const DRIFT = 5_000;

function gapOf({ wallAt, upAt }: Moment): number {
  return wallAt - upAt;
}

/** Whether the clocks of a page went the same way between these two moments. */
export function agree(one: Moment, other: Moment): boolean {
  return one.page === other.page && Math.abs(gapOf(one) - gapOf(other)) <= DRIFT;
}

/**
 * What was heard, with one moment more. Of those that agree only the newest is kept: it knows best how fast the
 * clocks go.
 */
export function withHeard(heard: readonly Heard[], moment: Heard): Heard[] {
  return [...heard.filter((other) => !agree(other, moment)), moment];
}

/** `heard` oldest first; `offset` from the wall clock to the server's, for a tap of whose page nothing is known (ms). */
export function timeOfTap(tap: Tap, heard: readonly Heard[], offset: number): TapTime {
  const known = heard.findLast((moment) => agree(moment, tap));
  const at = known ? known.serverAt + tap.upAt - known.upAt : tap.wallAt + offset;
  const said = (ms: number) => new Date(Math.round(ms)).toISOString();
  return {
    occurredAt: said(at),
    wallAt: said(tap.wallAt),
    clock: known ? "synced" : "estimated",
    runningSince: said(at - tap.runningFor),
  };
}
