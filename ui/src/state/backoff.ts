/**
 * How long to wait before the next try: full jitter, so that a hall of kiosks does not come back in one beat.
 */

/** Bounds in milliseconds. */
export interface Bounds {
  readonly first: number;
  readonly cap: number;
}

/** Streams and outbox: 1 s to 30 s. */
export const RECONNECT: Bounds = { first: 1_000, cap: 30_000 };

/**
 * A delay for the n-th failure in a row (from 0), evenly between `first` and a ceiling that doubles up to `cap`.
 * `chance` is in [0, 1). A wish of the server (`Retry-After`, `retry:`) is never undercut.
 */
export function backoff(failures: number, chance: number, wish = 0, bounds: Bounds = RECONNECT): number {
  const ceiling = Math.min(bounds.cap, bounds.first * 2 ** Math.min(failures + 1, 16));
  const delay = bounds.first + chance * (ceiling - bounds.first);
  return Math.round(wish > delay ? wish + chance * bounds.first : delay);
}
