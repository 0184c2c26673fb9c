/** The time at which a session ended, as it is typed at a kiosk: four digits, hours and minutes of the device's zone. */

const DAY = 24 * 3_600_000;

/** What is shown while it is typed: `07:4–`. */
export function shownTime(typed: string): string {
  const four = typed.padEnd(4, "–");
  return `${four.slice(0, 2)}:${four.slice(2)}`;
}

/**
 * The latest moment with this time of day that lies within the session, to the minute (ms); null where there is none.
 * All in ms on the server's clock.
 */
export function endOf(typed: string, startedAt: number, now: number): number | null {
  const [hours, minutes] = [Number(typed.slice(0, 2)), Number(typed.slice(2))];
  if (!/^\d{4}$/.test(typed) || hours > 23 || minutes > 59) return null;
  const day = new Date(now);
  day.setHours(hours, minutes, 0, 0);
  // Where that is still to come, yesterday is meant.
  if (day.getTime() > now) day.setTime(day.getTime() - DAY);
  day.setHours(hours, minutes, 0, 0);
  const end = day.getTime();
  // The minute in which it began is one of its own.
  if (end < startedAt && startedAt - end < 60_000) return startedAt;
  return end < startedAt ? null : end;
}
