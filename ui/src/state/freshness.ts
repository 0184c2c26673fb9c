/**
 * How old what a board shows may be. A board that looks live but is minutes old is worse than none,
 * so "live" is said only on the evidence of an event that was heard.
 */
import type { StreamState } from "../host/types";

/** A stream on which nothing was heard for so long is dead, whatever it says of itself (ms). */
export const SILENCE_LIMIT = 45_000;

export type Freshness =
  | { kind: "connecting" }
  /** `age` in ms since the last sign of life. */
  | { kind: "live"; age: number }
  /** Streams fail, but single answers come; `age` in ms since the last one. */
  | { kind: "polling"; age: number }
  /** `since` on this device's clock: when the server was last heard. */
  | { kind: "stale"; since: number };

export interface Heard {
  readonly state: StreamState;
  /** When this state began (ms). */
  readonly since: number;
  /** When the last named event arrived; null before the first (ms). */
  readonly lastAt: number | null;
}

export const nothingHeard: Heard = { state: "connecting", since: 0, lastAt: null };

export function freshness(heard: Heard, now: number): Freshness {
  if (heard.lastAt === null) {
    return heard.state === "stale" ? { kind: "stale", since: heard.since } : { kind: "connecting" };
  }
  const age = Math.max(0, now - heard.lastAt);
  if (heard.state === "polling" && age < SILENCE_LIMIT) return { kind: "polling", age };
  if (heard.state === "live" && age < SILENCE_LIMIT) return { kind: "live", age };
  return { kind: "stale", since: heard.lastAt };
}

/** `0.4`, `12`: tenths while they can be read, whole seconds after. */
export function formatAge(ms: number): string {
  return ms < 10_000 ? (Math.floor(ms / 100) / 10).toFixed(1) : String(Math.floor(ms / 1000));
}
