/**
 * The server's clock, learnt from the times it sends, and durations drawn on it.
 *
 * A message is never older on arrival than when it was sent: what it took on its way makes the server's
 * clock look behind. So of the last samples the largest offset is the nearest to the truth.
 */

/** How many samples are kept: enough to meet a quick message, few enough to follow a clock that was set. */
const KEPT = 8;

export interface ServerClock {
  /** Offsets in milliseconds, oldest first. */
  readonly samples: readonly number[];
}

export const unknownClock: ServerClock = { samples: [] };

/** Learns from a message that carried `serverTime` and arrived at `receivedAt` (this device's clock, ms). */
export function learn(clock: ServerClock, serverTime: string, receivedAt: number): ServerClock {
  const sent = Date.parse(serverTime);
  if (Number.isNaN(sent)) return clock;
  return { samples: [...clock.samples, sent - receivedAt].slice(-KEPT) };
}

/** Milliseconds to add to this device's clock to have the server's; 0 while nothing is known. */
export function offsetOf(clock: ServerClock): number {
  return clock.samples.length === 0 ? 0 : Math.max(...clock.samples);
}

/** Offset from a request's own round trip: the answer was made about half-way. */
export function offsetOfRoundTrip(serverTime: string, sentAt: number, receivedAt: number): number | null {
  const made = Date.parse(serverTime);
  return Number.isNaN(made) ? null : Math.round(made - (sentAt + receivedAt) / 2);
}

/** How long something lasts, in ms: `now − startedAt` on the server's clock. Never negative. */
export function durationSince(startedAt: string, now: number, offset: number): number {
  const started = Date.parse(startedAt);
  return Number.isNaN(started) ? 0 : Math.max(0, now + offset - started);
}

/** `4:07`, `1:04:07`, `26:04:07`: hours are not folded into days, a machine's stop is compared in hours. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** `10:41` or `10:41:07`, in this device's time zone, in digits that every language of the floor reads. */
export function formatClock(at: number | string, withSeconds = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "–";
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}
